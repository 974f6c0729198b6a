/** Settings or secrets of a connection, by name. */
export interface ConnectionValues {
  readonly [name: string]: string
}

declare module 'snappyjs' {
  const snappy: {
    compress(bytes: Buffer): Buffer
    /** Throws where the bytes say that they unpack to more than `maxLength`. */
    uncompress(bytes: Buffer, maxLength: number): Buffer
  }
  export default snappy
}

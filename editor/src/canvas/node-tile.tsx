import type { NodeDefinition } from '@millrace/graph'
import { Icon, type IconName, isIconName } from '../ui/icon.tsx'
import styles from './node-tile.module.css'

/** Names that node types use for symbols that are called otherwise here. */
const SYNONYMS: { readonly [name: string]: IconName } = {
  kafka: 'topic',
  generator: 'gen',
  elasticsearch: 'index',
  elastic: 'index',
}

/** The symbol of a node type; a plain grid where there is none. */
export function iconOf(definition: NodeDefinition | undefined): IconName {
  const name = definition?.icon ?? ''
  if (isIconName(name)) return name
  return Object.hasOwn(SYNONYMS, name) ? (SYNONYMS[name] as IconName) : 'grid'
}

/** What a tile may be told. */
export interface NodeTileProps {
  readonly definition: NodeDefinition | undefined
  readonly large?: boolean
}

/** The symbol of a node type on its tile: solid where the node touches the outside world, grey for transforms. */
export function NodeTile({ definition, large = false }: NodeTileProps) {
  const isSolid = definition !== undefined && definition.kind !== 'transform'
  return (
    <span className={`${styles.tile} ${isSolid ? styles.solid : ''} ${large ? styles.large : ''}`}>
      <Icon name={iconOf(definition)} size={large ? 18 : 14} />
    </span>
  )
}

import type { Template } from '@millrace/contracts'
import { Icon, isIconName } from '../ui/icon.tsx'
import styles from './pipelines.module.css'

const WIDTH = 248
const HEIGHT = 72
const NODE = { width: 26, height: 20 }
/** An icon within its node. */
const ICON = 12

/** The shape of a pipeline as it stands on the canvas, small. Nodes at its ends are dark. */
export function GraphShape({ graph, icons }: Pick<Template, 'graph' | 'icons'>) {
  const places = placesOf(graph)
  const hasInput = new Set(graph.edges.map(({ to }) => to.node))
  const hasOutput = new Set(graph.edges.map(({ from }) => from.node))
  return (
    <svg
      className={styles.shape}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      aria-hidden="true"
    >
      {graph.edges.map(({ id, from, to }) => {
        const start = places.get(from.node)
        const end = places.get(to.node)
        return start && end ? <path key={id} className={styles.shapeEdge} d={curve(start, end)} /> : null
      })}
      {graph.nodes.map(({ id, type }) => {
        const place = places.get(id)
        if (place === undefined) return null
        const isInner = hasInput.has(id) && hasOutput.has(id)
        const icon = Object.hasOwn(icons, type) ? (icons[type] ?? '') : ''
        return (
          <g
            key={id}
            transform={`translate(${place.x} ${place.y})`}
            className={isInner ? styles.inner : styles.end}
          >
            <rect
              className={isInner ? styles.shapeInner : styles.shapeEnd}
              width={NODE.width}
              height={NODE.height}
              rx={4}
            />
            <g transform={`translate(${(NODE.width - ICON) / 2} ${(NODE.height - ICON) / 2})`}>
              {isIconName(icon) && <Icon name={icon} size={ICON} />}
            </g>
          </g>
        )
      })}
    </svg>
  )
}

interface Place {
  readonly x: number
  readonly y: number
}

function placesOf({ nodes, layout }: Template['graph']): ReadonlyMap<string, Place> {
  const placed = nodes.flatMap(({ id }) =>
    Object.hasOwn(layout, id) ? [{ id, ...(layout[id] as Place) }] : [],
  )
  const fit = (values: readonly number[], room: number) => {
    const low = Math.min(...values)
    const span = Math.max(...values) - low
    return (value: number) => 1 + (span === 0 ? room / 2 : ((value - low) / span) * room)
  }
  const x = fit(
    placed.map((place) => place.x),
    WIDTH - NODE.width - 2,
  )
  const y = fit(
    placed.map((place) => place.y),
    HEIGHT - NODE.height - 2,
  )
  return new Map(placed.map((place) => [place.id, { x: x(place.x), y: y(place.y) }]))
}

function curve(from: Place, to: Place): string {
  const start = { x: from.x + NODE.width, y: from.y + NODE.height / 2 }
  const end = { x: to.x, y: to.y + NODE.height / 2 }
  const middle = (start.x + end.x) / 2
  return `M${start.x} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${end.x} ${end.y}`
}

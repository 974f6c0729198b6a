import { Fragment } from 'react'
import styles from './markdown.module.css'
import { type Block, type Inline, readInline, readMarkdown } from './markdown-blocks.ts'

/** A text in the Markdown subset of the node help, as React elements: no HTML is ever made from it. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div className={styles.markdown}>
      {readMarkdown(text).map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
        <BlockView key={i} block={block} />
      ))}
    </div>
  )
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'heading': {
      // The page has its own h1.
      const Tag = ({ 1: 'h2', 2: 'h3', 3: 'h4' } as const)[block.level]
      return <Tag>{<Line text={block.text} />}</Tag>
    }
    case 'paragraph':
      return (
        <p>
          <Line text={block.text} />
        </p>
      )
    case 'code':
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      return <pre tabIndex={0}>{block.text}</pre>
    case 'list':
      return <ListView block={block} />
    case 'table':
      return <TableView block={block} />
  }
}

function ListView({ block }: { readonly block: Extract<Block, { kind: 'list' }> }) {
  const Tag = block.ordered ? 'ol' : 'ul'
  return (
    <Tag>
      {block.items.map((item) => (
        <li key={item}>
          <Line text={item} />
        </li>
      ))}
    </Tag>
  )
}

function TableView({ block }: { readonly block: Extract<Block, { kind: 'table' }> }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className={styles.table} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {block.head.map((cell) => (
              <th key={cell}>
                <Line text={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row) => (
            <tr key={row.join('|')}>
              {row.map((cell, i) => (
                <td key={block.head[i]}>
                  <Line text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line({ text }: { readonly text: string }) {
  return readInline(text).map((piece, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
    <Fragment key={i}>{pieceView(piece)}</Fragment>
  ))
}

function pieceView(piece: Inline) {
  switch (piece.kind) {
    case 'code':
      return <code>{piece.text}</code>
    case 'strong':
      return <strong>{piece.text}</strong>
    case 'emphasis':
      return <em>{piece.text}</em>
    case 'link':
      return (
        <a href={piece.href} target="_blank" rel="noreferrer noopener">
          {piece.text}
        </a>
      )
    default:
      return piece.text
  }
}

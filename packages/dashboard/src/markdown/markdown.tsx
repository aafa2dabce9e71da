// Markdown as elements of this page, never as HTML.
import type { JSX, VNode } from 'preact'
import { TableBox } from '../components/table-box.tsx'
import { type Block, parseMarkdown } from './blocks.ts'
import type { Inline } from './inline.ts'

/** `under` is the level of the heading above the text: its own headings go below it. */
export function Markdown({ source, under }: { source: string; under: number }): VNode {
  return (
    <div class="markdown">
      {parseMarkdown(source).map((block, index) => (
        <BlockView key={index} block={block} under={under} />
      ))}
    </div>
  )
}

function BlockView({ block, under }: { block: Block; under: number }): VNode {
  switch (block.kind) {
    case 'heading':
      return <CardHeading level={Math.min(6, under + block.level)} text={block.text} />
    case 'paragraph':
      return <p>{words(block.text)}</p>
    case 'quote':
      return <blockquote>{words(block.text)}</blockquote>
    case 'code':
      return <pre>{block.text}</pre>
    case 'rule':
      return <hr />
    case 'list':
      return <ListView block={block} />
    case 'table':
      return <TableView block={block} />
  }
}

function CardHeading({ level, text }: { level: number; text: readonly Inline[] }): VNode {
  const Tag = `h${level}` as keyof JSX.IntrinsicElements & ('h3' | 'h4' | 'h5' | 'h6')
  return <Tag>{words(text)}</Tag>
}

function ListView({ block }: { block: Extract<Block, { kind: 'list' }> }): VNode {
  const items = block.items.map((item, index) => <li key={index}>{words(item)}</li>)
  return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>
}

function TableView({ block }: { block: Extract<Block, { kind: 'table' }> }): VNode {
  return (
    <TableBox name="Table of the card">
      <table class="table">
        <thead>
          <tr>
            {block.head.map((cell, index) =>
              // A corner without words is no heading.
              cell.length === 0 ? (
                <td key={index} />
              ) : (
                <th key={index} scope="col">
                  {words(cell)}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{words(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  )
}

function words(parts: readonly Inline[]): (VNode | string)[] {
  return parts.map((part, index) => inlineOf(part, index))
}

function inlineOf(part: Inline, key: number): VNode | string {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'code':
      return <code key={key}>{part.text}</code>
    case 'strong':
      return <strong key={key}>{part.text}</strong>
    case 'emphasis':
      return <em key={key}>{part.text}</em>
    case 'link':
      return (
        <a key={key} href={part.href} rel="noopener noreferrer" target="_blank">
          {part.text}
        </a>
      )
  }
}

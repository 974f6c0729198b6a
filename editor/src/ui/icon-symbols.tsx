import type { JSX } from 'react'

/** The drawn symbols on a 16 px grid, by name. */
export const SYMBOLS = {
  arrow: <path d="M2.5 8h11M9.6 4.2 13.5 8l-3.9 3.8" />,
  audit: <path d="M4 2h6l3 3v9H4zM6.5 7.5h4M6.5 10.5h4" />,
  branch: <path d="M2 8h3.2L8.6 4H14M5.2 8l3.4 4H14" />,
  check: <path d="m3 8.4 3.2 3.2L13 4.6" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.6V8l2.4 1.5" />
    </>
  ),
  db: (
    <>
      <ellipse cx="8" cy="3.8" rx="5.2" ry="2" />
      <path d="M2.8 3.8v8.4c0 1.1 2.3 2 5.2 2s5.2-.9 5.2-2V3.8M2.8 8c0 1.1 2.3 2 5.2 2s5.2-.9 5.2-2" />
    </>
  ),
  dedupe: (
    <>
      <rect x="2" y="2" width="8" height="8" rx="1.5" />
      <path d="M13.9 7.5V12a2 2 0 0 1-2 2H7.4" strokeDasharray="2.2 1.8" />
    </>
  ),
  down: <path d="m3.5 6 4.5 4.5L12.5 6" />,
  enrich: (
    <>
      <path d="M2 4h8M2 8h5M2 12h8" />
      <path d="M12.5 5.6v4.8M10.1 8h4.8" />
    </>
  ),
  err: (
    <>
      <path d="M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3z" />
      <path d="m5.9 5.9 4.2 4.2M10.1 5.9l-4.2 4.2" />
    </>
  ),
  explode: <path d="M2 8h3.5M5.5 8 9 3.5h5M5.5 8H14M5.5 8 9 12.5h5" />,
  filter: <path d="M2 3h12L9.5 8.4V13l-3-1.6v-3z" />,
  fit: <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />,
  flask: <path d="M6.2 2h3.6M7 2v4L3.2 12.4A1 1 0 0 0 4 14h8a1 1 0 0 0 .8-1.6L9 6V2M4.9 10.2h6.2" />,
  flow: (
    <>
      <rect x="1.8" y="5.8" width="4.4" height="4.4" rx="1.2" />
      <rect x="9.8" y="2" width="4.4" height="4.4" rx="1.2" />
      <rect x="9.8" y="9.6" width="4.4" height="4.4" rx="1.2" />
      <path d="M6.2 8h1.6c1 0 .6-3.8 2-3.8M7.8 8c1 0 .6 3.8 2 3.8" />
    </>
  ),
  gear: (
    <>
      <circle cx="8" cy="8" r="2.2" />
      <path d="M8 2v2M8 12v2M2 8h2M12 8h2M3.8 3.8l1.4 1.4M10.8 10.8l1.4 1.4M12.2 3.8l-1.4 1.4M5.2 10.8l-1.4 1.4" />
    </>
  ),
  gen: <path d="M1.5 8h2.6L6 3.2l3.8 9.6L11.7 8h2.8" />,
  grid: (
    <>
      <rect x="2.5" y="2.5" width="4.5" height="4.5" rx="1" />
      <rect x="9" y="2.5" width="4.5" height="4.5" rx="1" />
      <rect x="2.5" y="9" width="4.5" height="4.5" rx="1" />
      <rect x="9" y="9" width="4.5" height="4.5" rx="1" />
    </>
  ),
  half: (
    <>
      <circle cx="8" cy="8" r="5" />
      <path d="M8 3a5 5 0 0 1 0 10z" fill="currentColor" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M6.2 6.3a1.9 1.9 0 1 1 2.7 1.8c-.6.3-.9.7-.9 1.3M8 11.4v.2" />
    </>
  ),
  hook: <path d="M9.2 1.8 3.6 9H8l-1.2 5.2L12.4 7H8z" />,
  idle: <circle cx="8" cy="8" r="6" strokeDasharray="2.4 2.3" />,
  inbox: <path d="M2 9 4 3h8l2 6v4H2zM2 9h3.5l1 2h3l1-2H14" />,
  index: (
    <>
      <circle cx="6.8" cy="6.8" r="4.5" />
      <path d="m10.2 10.2 3.8 3.8M5 6h3.6M5 8h2.2" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.4v3.6M8 5v.2" />
    </>
  ),
  join: <path d="M2 4h3.4L9 8l-3.6 4H2M9 8h5" />,
  layout: (
    <>
      <rect x="2" y="6" width="4" height="4" rx="1" />
      <rect x="10" y="2" width="4" height="4" rx="1" />
      <rect x="10" y="10" width="4" height="4" rx="1" />
      <path d="M6 8h2M8 8V4h2M8 8v4h2" />
    </>
  ),
  live: <circle cx="8" cy="8" r="5" fill="currentColor" />,
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1.5" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  logo: (
    <>
      <circle cx="8" cy="6.5" r="4.5" />
      <path d="M8 2v9M3.5 6.5h9M4.8 3.3l6.4 6.4M11.2 3.3 4.8 9.7" />
      <path d="M1 13.5c1.2-1 2.3-1 3.5 0s2.3 1 3.5 0 2.3-1 3.5 0 2.3 1 3.5 0" />
    </>
  ),
  mask: <path d="M2 8s2.3-4 6-4 6 4 6 4-2.3 4-6 4-6-4-6-4zM3 13.5l10-11" />,
  minus: <path d="M3.2 8h9.6" />,
  more: (
    <>
      <circle cx="3.4" cy="8" r=".7" />
      <circle cx="8" cy="8" r=".7" />
      <circle cx="12.6" cy="8" r=".7" />
    </>
  ),
  move: <path d="M2.5 8h9M8.5 5l3 3-3 3M13.5 3.5v9" />,
  note: <path d="M2.5 2.5h11v7l-4 4h-7zM9.5 13.5V9.5h4" />,
  ok: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m5.2 8.2 2 2 3.6-4" />
    </>
  ),
  pattern: (
    <>
      <circle cx="3.5" cy="8" r="1.7" />
      <path d="M5.2 8h5.2" strokeDasharray="1.6 1.4" />
      <circle cx="12.3" cy="8" r="1.7" />
    </>
  ),
  pause: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M6.4 5.8v4.4M9.6 5.8v4.4" />
    </>
  ),
  pen: <path d="M10.8 2.6 13.4 5.2 5.4 13.2l-3.2.6.6-3.2zM9.2 4.2l2.6 2.6" />,
  pin: <path d="M5.5 2h5l-.8 4.5 2.3 2.5H4l2.3-2.5zM8 9v5" />,
  play: <path d="M4.5 2.8v10.4L13 8z" />,
  plug: <path d="M6 2v3M10 2v3M4 5h8v2.5a4 4 0 0 1-8 0zM8 11.5V14" />,
  plus: <path d="M8 3.2v9.6M3.2 8h9.6" />,
  redo: <path d="M13 6H6.5a3.7 3.7 0 0 0 0 7.4H10M10.2 3.2 13 6l-2.8 2.8" />,
  replay: <path d="M13.2 8A5.2 5.2 0 1 1 11.6 4.2M13.4 2v3h-3" />,
  right: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  running: <path d="M2.8 8a5.2 5.2 0 1 0 1.6-3.8M2.6 2v3h3M8 5.2V8l2 1.4" />,
  sample: (
    <>
      <circle cx="4" cy="4" r="1.6" />
      <circle cx="12" cy="4" r="1.6" fill="currentColor" />
      <circle cx="4" cy="12" r="1.6" fill="currentColor" />
      <circle cx="12" cy="12" r="1.6" />
      <circle cx="8" cy="8" r="1.6" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.4" />
      <path d="m10.3 10.3 3.4 3.4" />
    </>
  ),
  select: (
    <>
      <rect x="2.2" y="2.5" width="11.6" height="11" rx="1.5" />
      <path d="M6 2.5v11M9 6h3M9 9h3" />
    </>
  ),
  swap: <path d="M3 5.5h9.5M10 3l2.5 2.5L10 8M13 10.5H3.5M6 8l-2.5 2.5L6 13" />,
  topic: (
    <>
      <path d="M2 4h12M2 8h9M2 12h6" />
      <path d="M13.2 10.2 15 12l-1.8 1.8" />
    </>
  ),
  topn: <path d="M2.5 13.5v-4M6.2 13.5v-11M9.9 13.5V6M13.5 13.5v-2.4" />,
  tree: <path d="M3 3h10M6 8h7M6 13h7M3 3v10h3M3 8h3" />,
  union: <path d="M2 3.5h3.5L9 8h5M2 8h7M2 12.5h3.5L9 8" />,
  undo: <path d="M3 6h6.5a3.7 3.7 0 0 1 0 7.4H6M5.8 3.2 3 6l2.8 2.8" />,
  up: <path d="M8 13V3.5M4.2 7.2 8 3.4l3.8 3.8" />,
  warn: (
    <>
      <path d="M8 2.2 14.4 13.4H1.6z" />
      <path d="M8 6.4v3.2M8 11.4v.2" />
    </>
  ),
  window: (
    <>
      <path d="M5 2.5H2.5v11H5M11 2.5h2.5v11H11" />
      <path d="M8 5.2V8l1.8 1.4" />
    </>
  ),
  x: <path d="m4 4 8 8M12 4l-8 8" />,
} as const satisfies { readonly [name: string]: JSX.Element }

/**
 * A 32-bit hash of a text, over its UTF-16 units in little-endian bytes; unsigned.
 * Source: Austin Appleby, MurmurHash3_x86_32 (public domain).
 */
export function murmur3(text: string, seed: number): number {
  let hash = seed
  const pairs = text.length & ~1
  for (let i = 0; i < pairs; i += 2) {
    hash ^= scramble(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16))
    hash = (hash << 13) | (hash >>> 19)
    hash = Math.imul(hash, 5) + 0xe6546b64
  }
  if (pairs < text.length) hash ^= scramble(text.charCodeAt(pairs))
  return finish(hash ^ (2 * text.length))
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

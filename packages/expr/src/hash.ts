import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { encodeHex } from './hex.ts'
import { encodeUtf8 } from './utf8.ts'

/** A text, which is hashed as its UTF-8 bytes, or bytes. */
export type Hashed = string | Uint8Array

function bytesOf(value: Hashed): Uint8Array {
  return typeof value === 'string' ? encodeUtf8(value) : value
}

/** MD5 (RFC 1321) in hexadecimal digits. */
export function md5Hex(value: Hashed): string {
  return encodeHex(md5(bytesOf(value)))
}

/** SHA-1 (FIPS 180-4) in hexadecimal digits. */
export function sha1Hex(value: Hashed): string {
  return encodeHex(sha1(bytesOf(value)))
}

/** SHA-256 (FIPS 180-4) in hexadecimal digits. */
export function sha256Hex(value: Hashed): string {
  return encodeHex(sha256(bytesOf(value)))
}

/** SHA-512 (FIPS 180-4) in hexadecimal digits. */
export function sha512Hex(value: Hashed): string {
  return encodeHex(sha512(bytesOf(value)))
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** CRC-32 as in zip and Ethernet (ISO 3309), as a number from 0 to 2^32 − 1. */
export function crc32(value: Hashed): number {
  let crc = 0xffffffff
  for (const byte of bytesOf(value)) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] as number)
  return (crc ^ 0xffffffff) >>> 0
}

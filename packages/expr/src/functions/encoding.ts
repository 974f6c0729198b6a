import { decodeBase64, encodeBase64 } from '../base64.ts'
import { crc32, md5Hex, sha1Hex, sha256Hex, sha512Hex } from '../hash.ts'
import { decodeHex, encodeHex } from '../hex.ts'
import { unsupported } from '../sql/call-sql.ts'
import { decodeForm, encodeForm, type UrlPart, urlParameter, urlPart } from '../url.ts'
import { decodeUtf8, encodeUtf8 } from '../utf8.ts'
import { type FunctionRow, prepared, row, strict } from './function.ts'

const NO_CRC32 = unsupported('Flink SQL has no CRC-32')
const NO_HEX = unsupported("Flink's HEX takes texts and numbers, not bytes")
const NO_BYTES = unsupported("Flink's FROM_BASE64 gives a text, not bytes")
const WEB_ADDRESS = "REGEXP($1, '^(?i)https?://')"

/** Hashes, encodings and parts of addresses. Texts are hashed and encoded as UTF-8. */
// biome-ignore format: one row a line, columns aligned
export const ENCODING_FUNCTIONS: readonly FunctionRow[] = [
  row('crc32',         ['string'],            'int64',  'any',    strict(crc32), NO_CRC32, 'The CRC-32 checksum.', "crc32('abc') = 891568578"),
  row('crc32',         ['bytes'],             'int64',  'any',    strict(crc32), NO_CRC32, 'The CRC-32 checksum of a text or of bytes.', "crc32(x'616263') = 891568578"),
  row('from_base64',   ['string'],            'bytes',  'always', strict(decodeBase64), NO_BYTES, 'The bytes of a base64 text; null if it is none.', "from_base64('Cv8=') = x'0aff'"),
  row('from_hex',      ['string'],            'bytes',  'always', strict(decodeHex), "(CASE WHEN REGEXP($1, '^([0-9a-fA-F]{2})*\\z') THEN UNHEX($1) END)", 'The bytes of a text of hexadecimal digits; null if it is none.', "from_hex('0aff') = x'0aff'"),
  row('from_utf8',     ['bytes'],             'string', 'any',    strict(decodeUtf8), "DECODE($1, 'UTF-8')", 'The text of UTF-8 bytes; what is none becomes the character U+FFFD.', "from_utf8(x'c3a9') = 'é'"),
  row('md5',           ['string'],            'string', 'any',    strict(md5Hex), 'CAST(MD5($1) AS STRING)', 'The MD5 hash in hexadecimal digits.', "md5('abc') = '900150983cd24fb0d6963f7d28e17f72'"),
  row('md5',           ['bytes'],             'string', 'any',    strict(md5Hex), 'CAST(MD5($1) AS STRING)', 'The MD5 hash of a text or of bytes, in hexadecimal digits.', "left(md5(x'616263'), 8) = '90015098'"),
  row('parse_url',     ['string', 'url_part'], 'string', 'always', prepared((part: UrlPart) => (address: string) => urlPart(address, part)), `(CASE WHEN ${WEB_ADDRESS} THEN PARSE_URL($1, $2) END)`, 'The protocol, host, path, query or fragment of an http or https address; null if there is none.', "parse_url('https://shop.test/cart?id=7', 'host') = 'shop.test'"),
  row('sha1',          ['string'],            'string', 'any',    strict(sha1Hex), 'CAST(SHA1($1) AS STRING)', 'The SHA-1 hash in hexadecimal digits.', "left(sha1('abc'), 8) = 'a9993e36'"),
  row('sha1',          ['bytes'],             'string', 'any',    strict(sha1Hex), 'CAST(SHA1($1) AS STRING)', 'The SHA-1 hash of a text or of bytes, in hexadecimal digits.', "left(sha1(x'616263'), 8) = 'a9993e36'"),
  row('sha256',        ['string'],            'string', 'any',    strict(sha256Hex), 'CAST(SHA256($1) AS STRING)', 'The SHA-256 hash in hexadecimal digits.', "left(sha256('abc'), 8) = 'ba7816bf'"),
  row('sha256',        ['bytes'],             'string', 'any',    strict(sha256Hex), 'CAST(SHA256($1) AS STRING)', 'The SHA-256 hash of a text or of bytes, in hexadecimal digits.', "left(sha256(x'616263'), 8) = 'ba7816bf'"),
  row('sha512',        ['string'],            'string', 'any',    strict(sha512Hex), 'CAST(SHA512($1) AS STRING)', 'The SHA-512 hash in hexadecimal digits.', "left(sha512('abc'), 8) = 'ddaf35a1'"),
  row('sha512',        ['bytes'],             'string', 'any',    strict(sha512Hex), 'CAST(SHA512($1) AS STRING)', 'The SHA-512 hash of a text or of bytes, in hexadecimal digits.', "left(sha512(x'616263'), 8) = 'ddaf35a1'"),
  row('to_base64',     ['string'],            'string', 'any',    strict((text: string) => encodeBase64(encodeUtf8(text))), 'TO_BASE64($1)', 'The base64 text.', "to_base64('abc') = 'YWJj'"),
  row('to_base64',     ['bytes'],             'string', 'any',    strict(encodeBase64), 'TO_BASE64($1)', 'The base64 text of a text or of bytes.', "to_base64(x'0aff') = 'Cv8='"),
  row('to_hex',        ['string'],            'string', 'any',    strict((text: string) => encodeHex(encodeUtf8(text))), 'LOWER(HEX($1))', 'The hexadecimal digits.', "to_hex('abc') = '616263'"),
  row('to_hex',        ['bytes'],             'string', 'any',    strict(encodeHex), NO_HEX, 'The hexadecimal digits of a text or of bytes.', "to_hex(x'0AFF') = '0aff'"),
  row('to_utf8',       ['string'],            'bytes',  'any',    strict(encodeUtf8), "ENCODE($1, 'UTF-8')", 'The UTF-8 bytes of a text.', "to_utf8('é') = x'c3a9'"),
  row('url_decode',    ['string'],            'string', 'always', strict(decodeForm), 'URL_DECODE($1)', 'The text that was encoded for an address; null if a percent sign has not two digits.', "url_decode('a+b%26c') = 'a b&c'"),
  row('url_encode',    ['string'],            'string', 'any',    strict(encodeForm), 'URL_ENCODE($1)', 'The text as a form sends it in an address.', "url_encode('a b&c') = 'a+b%26c'"),
  row('url_parameter', ['string', 'string'],  'string', 'always', strict(urlParameter), `(CASE WHEN ${WEB_ADDRESS} THEN URL_DECODE(PARSE_URL($1, 'QUERY', $2)) END)`, 'The value of a query parameter of an http or https address; null if there is none.', "url_parameter('https://shop.test/?id=7&q=a+b', 'q') = 'a b'"),
]

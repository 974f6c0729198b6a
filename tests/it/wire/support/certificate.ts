import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { findJdk } from '@millrace/stack'

/** A key store for a broker on loopback, and the certificate that its clients must trust. */
export interface BrokerCertificate {
  readonly keyStore: string
  readonly password: string
  /** PEM. */
  readonly certificate: string
}

/** Makes a self-signed certificate for 127.0.0.1 with the JDK's keytool. */
export async function makeCertificate(folder: string): Promise<BrokerCertificate> {
  const keytool = path.join(findJdk().home, 'bin', 'keytool')
  const [keyStore, pem, password] = [
    path.join(folder, 'broker.p12'),
    path.join(folder, 'broker.pem'),
    'test-only',
  ]
  const store = ['-keystore', keyStore, '-storetype', 'PKCS12', '-storepass', password, '-alias', 'broker']
  const subject = ['-dname', 'CN=localhost', '-ext', 'SAN=ip:127.0.0.1,dns:localhost', '-validity', '2']
  await promisify(execFile)(keytool, ['-genkeypair', ...store, '-keyalg', 'EC', ...subject])
  await promisify(execFile)(keytool, ['-exportcert', ...store, '-rfc', '-file', pem])
  return { keyStore, password, certificate: await readFile(pem, 'utf8') }
}

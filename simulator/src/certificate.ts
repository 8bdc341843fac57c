/** The self-signed certificate that the TLS side of the port shows, made when it is first wanted. */

/** A private key and its certificate, PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Names and addresses a local client may dial, so that checking the host name works too. */
const NAMES = [
  'localhost',
  'fcm.googleapis.com',
  'iid.googleapis.com',
  'api.push.apple.com',
  'api.sandbox.push.apple.com',
  'api.development.push.apple.com',
];
const ADDRESSES = ['127.0.0.1', '::1'];

/** Makes a fresh P-256 key and certificate, good for a year, to be trusted by nobody else. */
export async function generateCertificate(): Promise<Certificate> {
  // Imported here because the library takes longer to load than the rest of the simulator.
  const { generate } = await import('selfsigned');
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...NAMES.map((value) => ({ type: 2 as const, value })),
          ...ADDRESSES.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { key, cert };
}

/** Writes a jar of a few hundred bytes that starts another jar by class name; pure, no JDK needed. */

import { crc32 } from 'node:zlib';

/** A manifest line holds at most 72 bytes, line end not counted; the rest continues after one space. */
const MANIFEST_LINE_BYTES = 72;

/** 1980-01-01, the zip format's zero date: equal inputs give equal bytes. */
const ZIP_EPOCH_DATE = 0x0021;

/** 1.0: all that a stored (uncompressed) entry asks of a reader. */
const ZIP_VERSION = 10;

/**
 * A jar whose `java -jar` runs `mainClass` out of the jar at `classPathUrl`.
 *
 * @param mainClass fully qualified class name.
 * @param classPathUrl absolute `file://` URL; a space in it must be escaped, as `pathToFileURL` does.
 */
export function wrapperJar(mainClass: string, classPathUrl: string): Buffer {
  const manifest = [
    'Manifest-Version: 1.0',
    `Main-Class: ${mainClass}`,
    `Class-Path: ${classPathUrl}`,
  ];
  const text = manifest.map((line) => `${foldManifestLine(line)}\r\n`).join('') + '\r\n';
  return zipOfOneStoredFile('META-INF/MANIFEST.MF', Buffer.from(text, 'ascii'));
}

/** Folds one manifest line as the JAR specification asks: https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html */
export function foldManifestLine(line: string): string {
  const lines = [line.slice(0, MANIFEST_LINE_BYTES)];
  for (let at = MANIFEST_LINE_BYTES; at < line.length; at += MANIFEST_LINE_BYTES - 1) {
    lines.push(` ${line.slice(at, at + MANIFEST_LINE_BYTES - 1)}`);
  }
  return lines.join('\r\n');
}

/** Local header, content, central directory and its end: APPNOTE.TXT sections 4.3.7, 4.3.12 and 4.3.16. */
function zipOfOneStoredFile(name: string, content: Buffer): Buffer {
  const fileName = Buffer.from(name, 'ascii');

  const common = Buffer.alloc(26);
  common.writeUInt16LE(ZIP_VERSION, 0);
  common.writeUInt16LE(ZIP_EPOCH_DATE, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(fileName.length, 22);

  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, fileName, content]);

  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(ZIP_VERSION);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02', 'latin1'),
    madeBy,
    common,
    // No comment, first disk, no attributes, and the local header starts at byte 0.
    Buffer.alloc(14),
    fileName,
  ]);

  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

import { crc32 } from 'node:zlib';

import { foldManifestLine, wrapperJar } from './wrapper-jar.ts';

const LONG_URL = `file:///${'a-rather-long-directory-name/'.repeat(6)}emulator.jar`;

/** Reads the one entry back through the central directory, as a zip reader does. */
function readBack(jar: Buffer): { name: string; content: string; crc: number; actualCrc: number } {
  const end = jar.length - 22;
  expect(jar.toString('latin1', end, end + 4)).toBe('PK\x05\x06');
  expect(jar.readUInt16LE(end + 10)).toBe(1);
  const central = jar.readUInt32LE(end + 16);
  expect(central + jar.readUInt32LE(end + 12)).toBe(end);
  expect(jar.toString('latin1', central, central + 4)).toBe('PK\x01\x02');
  const nameLength = jar.readUInt16LE(central + 28);
  const name = jar.toString('ascii', central + 46, central + 46 + nameLength);
  const local = jar.readUInt32LE(central + 42);
  const start = local + 30 + jar.readUInt16LE(local + 26);
  const content = jar.subarray(start, start + jar.readUInt32LE(central + 20));
  return {
    name,
    content: content.toString('ascii'),
    crc: jar.readUInt32LE(central + 16),
    actualCrc: crc32(content),
  };
}

test('holds a manifest that names the main class and the other jar', () => {
  const { name, content, crc, actualCrc } = readBack(wrapperJar('com.example.Main', LONG_URL));
  expect(name).toBe('META-INF/MANIFEST.MF');
  expect(crc).toBe(actualCrc);
  const unfolded = content.replaceAll('\r\n ', '');
  expect(unfolded).toBe(
    `Manifest-Version: 1.0\r\nMain-Class: com.example.Main\r\nClass-Path: ${LONG_URL}\r\n\r\n`,
  );
});

test('keeps every line of the manifest within 72 bytes', () => {
  const lines = readBack(wrapperJar('com.example.Main', LONG_URL)).content.split('\r\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(72);
});

test.each([1, 71, 72, 73, 143, 144, 300])('folds and unfolds a line of %i characters', (length) => {
  const line = 'x'.repeat(length);
  expect(foldManifestLine(line).replaceAll('\r\n ', '')).toBe(line);
});

test('gives the same bytes for the same input', () => {
  expect(wrapperJar('a.B', LONG_URL)).toEqual(wrapperJar('a.B', LONG_URL));
});

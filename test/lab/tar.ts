import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** Files by their path in the archive. */
export type ArchiveFiles = Readonly<Record<string, string>>;

export interface Archive {
  readonly bytes: Buffer;
  /** `sha256:<hex>` of the bytes. */
  readonly digest: string;
}

/** A gzipped tar archive (POSIX ustar) with the given files, the same bytes for the same files. */
export function tarGz(files: ArchiveFiles): Archive {
  const blocks: Buffer[] = [];
  for (const [path, content] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const bytes = Buffer.from(content);
    blocks.push(header(path, bytes.length), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512));
  }
  const bytes = gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

function header(path: string, size: number): Buffer {
  if (Buffer.byteLength(path) > 100) throw new RangeError(`The path ${path} is longer than 100 bytes.`);
  const block = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'ascii');
  block.write(path, 0);
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write('        ', 148, 'ascii');
  block.write('0', 156, 'ascii');
  block.write('ustar\x0000', 257, 'binary');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return block;
}

// Ends the lab's processes and removes its folder when the process that started it is gone, however it went
// (Ctrl-C, a crash, SIGKILL): its end closes our standard input. Plain JavaScript, so that `node` can run it as it is.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const pids = new Set();
const folders = new Set();
// A terminal's Ctrl-C is for the process that started us: it stops in order, and we stay until it is gone.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [what, value] = JSON.parse(line);
  if (what === 'started') pids.add(value);
  if (what === 'ended') pids.delete(value);
  if (what === 'folder') folders.add(value);
  if (what === 'folderRemoved') folders.delete(value);
});
lines.on('close', () => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

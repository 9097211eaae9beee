/*
 * What the instances of the contract run: Node programs as text, so that they run as a process or in any image that
 * has Node.
 */

/** Answers on HOST:PORT with what it sees; `/dns/NAME` looks a name up, `/file/PATH` reads a file. */
export const server = `
const { createServer } = require('node:http');
const { lookup } = require('node:dns');
const { readFileSync, statSync, writeFileSync } = require('node:fs');
const answers = {
  env: () => JSON.stringify(process.env),
  pid: () => String(process.pid),
  dns: (name, reply) => void lookup(name, { family: 4 }, (error, address) => reply(error ? error.code : address)),
  file: (path) => { try { return readFileSync('/' + path, 'base64'); } catch (error) { return error.code; } },
  mode: (path) => { const { mode, uid, gid } = statSync('/' + path); return [(mode & 0o777).toString(8), uid, gid].join(' '); },
  write: (path) => { try { writeFileSync('/' + path, 'written'); return 'written'; } catch (error) { return error.code; } },
  exit: (code) => void setTimeout(() => process.exit(Number(code)), 20),
};
createServer((request, response) => {
  const [, name, ...rest] = request.url.split('/');
  const answer = answers[name]?.(rest.join('/'), (text) => response.end(text));
  if (answer !== undefined) response.end(answer);
  else if (name === 'exit') response.end('bye');
}).listen(Number(process.env.PORT), process.env.HOST ?? '0.0.0.0', () => console.log('listening'));
process.on('SIGTERM', () => process.exit(0));
`;

/** Takes `ms` to end after SIGTERM. */
export function slowToStop(ms: number): string {
  return `setInterval(() => {}, 1000); process.on('SIGTERM', () => setTimeout(() => process.exit(0), ${ms})); console.log('ready');`;
}

/** Cannot be asked to stop. */
export const deaf = `setInterval(() => {}, 1000); process.on('SIGTERM', () => console.log('no')); console.log('ready');`;

/** Starts a process in a session of its own, and ends when asked without it. */
export const leavesChild = `
const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
console.log('child ' + child.pid);
process.on('SIGTERM', () => process.exit(0));
setInterval(() => {}, 1000);
`;

/** Says a line and ends with a code. */
export function ends(code: number): string {
  return `console.log('ending'); process.exitCode = ${code};`;
}

/** Writes numbered lines to both streams in turn, then stays. */
export function talks(lines: number): string {
  return `
for (let i = 1; i <= ${lines}; i++) (i % 2 ? console.log : console.error)('line ' + i);
process.on('SIGTERM', () => { process.stdout.write('last words'); process.exit(0); });
setInterval(() => {}, 1000);
`;
}

/** Numbered lines without end. */
export const counts = `
let i = 0;
setInterval(() => console.log('n ' + ++i), 5);
process.on('SIGTERM', () => process.exit(0));
`;

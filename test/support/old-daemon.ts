/**
 * A daemon that says it is of another version, in a process of its own because it will be ended:
 *
 *   ./timonel --node test/support/old-daemon.ts HOME VERSION DEPLOYMENTS
 */
import { fakeDaemon } from './fake-daemon.ts';
import { fakeEngine } from './fake-engine.ts';

const [dir = '', version = '', deployments = '0'] = process.argv.slice(2);
const jobs = { add: () => {}, count: () => Number(deployments) };
await fakeDaemon(dir, fakeEngine(), { version, jobs });
process.once('SIGTERM', () => process.exit(0));
console.log('serves');

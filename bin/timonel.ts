import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// The launcher says the same in the environment, early enough for this file itself; it must not travel any further.
enableCompileCache(join(import.meta.dirname, '../.timonel/compiled'));
delete process.env.NODE_COMPILE_CACHE;

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  const { readVersion } = await import('#daemon/version.ts');
  process.stdout.write(`${readVersion()}\n`);
} else {
  const { main } = await import('#cli/main.ts');
  process.exitCode = await main(argv);
}

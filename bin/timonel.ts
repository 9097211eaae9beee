import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Beside the program and not in the shared temporary folder, where another user could plant compiled code.
enableCompileCache(join(import.meta.dirname, '../.timonel/compiled'));

const { main } = await import('#cli/main.ts');
process.exitCode = await main(process.argv.slice(2));

import { test } from 'node:test';
import { whyNoDisk } from '../support/small-disk.ts';
import { fillTheDisk } from './full-disk.ts';
import { processStage } from './stage.ts';

test(
  'process: on a full disk a deployment fails, what served serves on, and the daemon recovers',
  {
    skip: whyNoDisk() ?? false,
    timeout: 180_000,
  },
  (context) => fillTheDisk({ stage: processStage, env: {}, context }),
);

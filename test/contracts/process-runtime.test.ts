import { processStage } from '../support/process-stage.ts';
import { runtimeContract } from './runtime.ts';

runtimeContract('process', () => processStage());

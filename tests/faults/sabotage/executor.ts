import path from 'node:path'
import { runSupervisor } from '../../../executor/src/pod/run-supervisor.ts'

/** An executor whose worker processes may be broken on purpose (`worker.ts`). */
runSupervisor(path.join(import.meta.dirname, 'worker.ts'))

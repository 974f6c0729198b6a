import path from 'node:path'
import { runSupervisor } from './pod/run-supervisor.ts'

runSupervisor(path.join(import.meta.dirname, 'worker.ts'))

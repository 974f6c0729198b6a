/**
 * Names of everything Millrace keeps in Redis. Ids are `[a-z0-9]`, so no part can run into the next; all keys of one
 * task share a hash tag, so that one script may touch them together.
 */
export const redisKeys = {
  /** Set of deployment ids that have a desired state. */
  deployments: 'mr:deployments',
  /** An `Incarnation`, written once by an executor: a new one means that Redis was emptied or replaced. */
  incarnation: 'mr:incarnation',
  /** Stream of metric batches (`MetricBatch`), capped. */
  metrics: 'mr:metrics',
  /** Stream of status events (`StatusEvent`), capped. */
  status: 'mr:status',
  /** Hash of live executors: id → `ExecutorHeartbeat`. */
  executors: 'mr:executors',
  desired: (deployment: string) => `mr:{${deployment}}:desired`,
  spec: (deployment: string, generation: number) => `mr:{${deployment}}:spec:${generation}`,
  /** Hash of task reports: `<stage>/<partition>` → `TaskReport`. */
  tasks: (deployment: string) => `mr:{${deployment}}:tasks`,
  /** Sorted set of the nodes whose events somebody looks at, by when that ends, epoch ms. */
  watched: (deployment: string) => `mr:{${deployment}}:watched`,
  /** Stream of sampled events (`LiveSampleBatch`), short and forgotten soon. */
  samples: (deployment: string) => `mr:{${deployment}}:samples`,
  /** Hash of what the executors carry out for the deployment as a whole (`Switchover`). */
  switchover: (deployment: string) => `mr:{${deployment}}:switchover`,
  lease: (deployment: string, stage: string, partition: number) =>
    `mr:{${deployment}}:lease:${stage}:${partition}`,
  deploymentLease: (deployment: string) => `mr:{${deployment}}:lease`,
  /** Prefix of a task's state copy; behind it stand `meta`, `state:<token>`, `index:<token>`, `timers:<token>:<node>`. */
  taskState: (deployment: string, stage: string, partition: number) =>
    `mr:{${deployment}:${stage}:${partition}}:`,
} as const

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** `GET /metrics` for Prometheus: the api's own process, its requests, and what runs. */
export const metricsPlugin = fp(
  async (app) => {
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    measureRequests(app, registry)
    describeDeployments(app, registry)
    app.get('/metrics', { config: { access: 'metrics' }, schema: { hide: true } }, async (_request, reply) =>
      reply.type(registry.contentType).send(await registry.metrics()),
    )
  },
  { name: 'metrics', dependencies: ['authentication', 'live'] },
)

function measureRequests(app: FastifyInstance, registry: Registry): void {
  const seconds = new Histogram({
    name: 'millrace_http_request_seconds',
    help: 'Time until an answer was sent.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10],
    registers: [registry],
  })
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    // The pattern and not the address: labels must be few.
    const labels = { method, route: routeOptions.url ?? 'unknown', status: String(reply.statusCode) }
    seconds.observe(labels, reply.elapsedTime / 1_000)
  })
}

/** By name: what a gauge says of one deployment; null: nothing now. */
const GAUGES = {
  millrace_deployment_running: 'Whether the deployment runs as it should (1) or not (0).',
  millrace_deployment_lag_records: 'Records that the deployment is behind.',
  millrace_deployment_input_records_per_second: 'Events per second into its sources.',
  millrace_deployment_problems: 'Problems that it has now.',
} as const

function describeDeployments(app: FastifyInstance, registry: Registry): void {
  const labelNames = ['deployment', 'pipeline'] as const
  for (const [name, help] of Object.entries(GAUGES) as [keyof typeof GAUGES, string][]) {
    new Gauge({
      ...{ name, help, labelNames, registers: [registry] },
      collect() {
        this.reset()
        for (const { id, pipelineId, state } of app.live.deployments()) {
          const { rate, lag } = app.live.current(id)
          const values = {
            millrace_deployment_running: state === 'running' ? 1 : 0,
            millrace_deployment_lag_records: lag,
            millrace_deployment_input_records_per_second: rate,
            millrace_deployment_problems: app.live.problems(id).length,
          }
          const value = values[name]
          if (value !== null) this.set({ deployment: id, pipeline: pipelineId }, value)
        }
      },
    })
  }
}

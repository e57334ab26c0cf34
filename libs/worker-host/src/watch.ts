/** What a worker counts and traces: its jobs, and each call to its PMS. Spans follow OpenTelemetry's conventions for HTTP clients. */
import type { CallBegun, CallWatch } from '#adapter-kit';
import { metricsOf, type MetricTable } from '#service-kit';
import { beginPart, type Activity } from '#tracing';

export const METRICS = {
  latchkey_pms_call_duration_seconds: {
    kind: 'histogram',
    help: 'Time of one exchange with a PMS, logins included',
    labels: ['pms', 'verdict'],
  },
  latchkey_pms_calls_under_way: { kind: 'gauge', help: 'Exchanges with a PMS that have not ended', labels: ['pms'] },
  latchkey_jobs_under_way: { kind: 'gauge', help: 'Jobs that this worker holds', labels: ['pms'] },
} as const satisfies MetricTable;

export class WorkerWatch {
  private readonly made = metricsOf(METRICS);

  readonly calls: CallWatch = (call) => {
    const { pms } = call;
    const { latchkey_pms_calls_under_way: underWay, latchkey_pms_call_duration_seconds: duration } = this.made.metrics;
    const part = beginPart(callOf(call));
    const stop = duration.startTimer({ pms });
    underWay.inc({ pms });
    return ({ verdict, evidence, status }) => {
      underWay.dec({ pms });
      stop({ verdict });
      if (!part) return;
      const { span } = part;
      span.setAttributes({ 'latchkey.verdict': verdict, 'latchkey.evidence': evidence });
      if (status !== null) span.setAttribute('http.response.status_code', status);
      if (verdict !== 'done') span.setAttribute('error.type', status === null ? verdict : String(status));
      span.end();
    };
  };

  /** Counts a job while it is worked on. */
  async job<Result>(pms: string, work: () => Promise<Result>): Promise<Result> {
    const underWay = this.made.metrics.latchkey_jobs_under_way;
    underWay.inc({ pms });
    try {
      return await work();
    } finally {
      underWay.dec({ pms });
    }
  }

  text(): Promise<string> {
    return this.made.registry.metrics();
  }
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

const callOf = ({ pms, method, template, url }: CallBegun): Activity => ({
  name: `${method} ${template}`,
  kind: 'client',
  attributes: {
    'latchkey.pms': pms,
    'http.request.method': method,
    'url.template': template,
    'server.address': url.hostname,
    'server.port': Number(url.port) || DEFAULT_PORTS[url.protocol] || 0,
  },
});

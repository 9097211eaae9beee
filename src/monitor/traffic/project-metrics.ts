import type { ServedCertificate } from '#model/certificate.ts';
import type { InstanceStatus, ProjectStatus } from '#model/status.ts';
import type { Metric } from './exposition.ts';

const states: readonly InstanceStatus['state'][] = [
  ...(['starting', 'healthy', 'unhealthy', 'draining', 'warm', 'exited', 'completed'] as const),
];

/** Releases, deployments and instances of all projects. */
export function projectMetrics(projects: readonly ProjectStatus[]): readonly Metric[] {
  const services = projects.flatMap(({ project, services }) => services.map((one) => ({ project, ...one })));
  return [
    {
      ...{ name: 'timonel_release', type: 'gauge', help: 'Number of the release that serves.' },
      samples: projects.flatMap(({ project, release }) =>
        release === undefined ? [] : [{ labels: { project }, value: release }],
      ),
    },
    {
      ...{ name: 'timonel_deployment_info', type: 'gauge', help: 'The last deployment of a project; always 1.' },
      samples: projects.flatMap(({ project, lastDeployment: last }) =>
        last === undefined
          ? []
          : [{ labels: { project, id: last.id, kind: last.kind, state: last.state, release: last.to }, value: 1 }],
      ),
    },
    {
      ...{ name: 'timonel_deployment_started_timestamp_seconds', type: 'gauge' },
      help: 'When the last deployment of a project began.',
      samples: projects.flatMap(({ project, lastDeployment: last }) =>
        last === undefined ? [] : [{ labels: { project }, value: Date.parse(last.startedAt) / 1000 }],
      ),
    },
    {
      ...{ name: 'timonel_service_desired_instances', type: 'gauge', help: 'Instances that should serve.' },
      samples: services.map(({ project, name, desired }) => ({ labels: { project, service: name }, value: desired })),
    },
    {
      ...{ name: 'timonel_service_instances', type: 'gauge', help: 'Instances by state.' },
      samples: services.flatMap(({ project, name, instances }) =>
        states.map((state) => ({
          labels: { project, service: name, state },
          value: instances.filter((one) => one.state === state).length,
        })),
      ),
    },
    {
      ...{ name: 'timonel_instance_restarts', type: 'gauge', help: 'How often an instance was started again.' },
      samples: services.flatMap(({ project, name, instances }) =>
        instances.map(({ id, release, restarts }) => ({
          labels: { project, service: name, release, instance: id },
          value: restarts,
        })),
      ),
    },
    {
      ...{ name: 'timonel_instance_outlier', type: 'gauge' },
      help: '1 for an instance that gets nothing new for a while, because it fails where its siblings do not.',
      samples: services.flatMap(({ project, name, instances }) =>
        instances.map(({ id, release, outlier }) => ({
          labels: { project, service: name, release, instance: id },
          value: outlier === undefined ? 0 : 1,
        })),
      ),
    },
  ];
}

export function certificateMetrics(certificates: readonly ServedCertificate[]): Metric {
  return {
    ...{ name: 'timonel_certificate_expiry_timestamp_seconds', type: 'gauge' },
    help: 'When a certificate at the edge ends.',
    samples: certificates.map(({ host, source, notAfter }) => ({
      labels: { host: host ?? '*', source },
      value: notAfter / 1000,
    })),
  };
}

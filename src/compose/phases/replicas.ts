import type { Service } from '#model/project.ts';

type Services = Readonly<Record<string, Service>>;

/** `scale` fills in `deploy.replicas` where a service has a deploy section. */
export function fillReplicas(services: Services): Services {
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => {
      const { scale, deploy } = service;
      if (scale === undefined || deploy === undefined) return [name, service];
      return [name, { ...service, deploy: { ...deploy, replicas: scale } }];
    }),
  );
}

import type { Reference } from './reference.ts';

/**
 * Ports of official images, for files that name them in no way: they must be known before the first pull, and stay the
 * same after it. From each image's own page.
 */
const official: Readonly<Record<string, readonly number[]>> = {
  adminer: [8080],
  caddy: [80, 443],
  elasticsearch: [9200],
  ghost: [2368],
  httpd: [80],
  mariadb: [3306],
  memcached: [11211],
  mongo: [27017],
  mysql: [3306],
  nats: [4222],
  nextcloud: [80],
  nginx: [80],
  phpmyadmin: [80],
  postgres: [5432],
  rabbitmq: [5672],
  redis: [6379],
  tomcat: [8080],
  valkey: [6379],
  wordpress: [80],
};

/** The ports of an official image, or undefined. Variants such as `wordpress:fpm` listen elsewhere and are none. */
export function knownPorts(reference: Reference): readonly number[] | undefined {
  if (reference.registry !== 'docker.io' || /fpm/.test(reference.tag ?? '')) return undefined;
  const name = reference.repository.replace(/^library\//, '').replace(/^valkey\/valkey$/, 'valkey');
  return official[name];
}

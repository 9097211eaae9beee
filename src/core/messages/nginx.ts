import { message } from './message.ts';
import { type NginxChange, type NginxGap, nginxChanges, nginxGaps } from './nginx-reasons.ts';

/** What `timonel import nginx` says about the files that it reads. */
export const nginxMessages = {
  NGINX_SYNTAX: message<{ problem: keyof typeof problems }>({
    en: (f) => problems[f.problem].en,
    es: (f) => problems[f.problem].es,
    hint: { en: 'see what nginx says: nginx -t', es: 'vea qué dice nginx: nginx -t' },
  }),
  NGINX_NO_FILE: message<{ file: string }>({
    en: (f) => `there is no file ${f.file}`,
    es: (f) => `no existe el archivo ${f.file}`,
    hint: {
      en: 'from a container: docker compose exec -T nginx nginx -T | timonel import nginx -',
      es: 'desde un contenedor: docker compose exec -T nginx nginx -T | timonel import nginx -',
    },
  }),
  NGINX_UNREADABLE: message<{ file: string; reason: string }>({
    en: (f) => `${f.file} cannot be read: ${f.reason}`,
    es: (f) => `no se puede leer ${f.file}: ${f.reason}`,
  }),
  NGINX_NOTHING: message({
    en: 'nothing here passes requests to a service, so there is no route to make',
    es: 'nada aquí pasa peticiones a un servicio, así que no hay ruta que crear',
    hint: {
      en: 'give the file that has proxy_pass, or the main nginx.conf that includes it',
      es: 'indique el archivo que tiene proxy_pass, o el nginx.conf principal que lo incluye',
    },
  }),
  NGINX_NOT_CARRIED: message<{ directive: string; reason: NginxGap }>({
    en: (f) => `${f.directive} is not carried over: ${nginxGaps[f.reason].en.why}`,
    es: (f) => `${f.directive} no se traslada: ${nginxGaps[f.reason].es.why}`,
    hint: { en: (f) => nginxGaps[f.reason].en.do, es: (f) => nginxGaps[f.reason].es.do },
  }),
  NGINX_CHANGED: message<{ directive: string; change: NginxChange }>({
    en: (f) => `${f.directive}: ${nginxChanges[f.change].en}`,
    es: (f) => `${f.directive}: ${nginxChanges[f.change].es}`,
  }),
  NGINX_REPLICAS: message<{ upstream: string; service: string; count: number }>({
    en: (f) => `the ${f.count} servers of ${f.upstream} are instances of one service, ${f.service}`,
    es: (f) => `los ${f.count} servidores de ${f.upstream} son instancias de un solo servicio, ${f.service}`,
    hint: {
      en: (f) => `deploy: { replicas: ${f.count} } in the service, or timonel scale ${f.service}=${f.count}`,
      es: (f) => `deploy: { replicas: ${f.count} } en el servicio, o timonel scale ${f.service}=${f.count}`,
    },
  }),
  NGINX_SEVERAL_SERVICES: message<{ upstream: string; services: string; chosen: string }>({
    en: (f) => `${f.upstream} stands for several services (${f.services}); its routes go to ${f.chosen}`,
    es: (f) => `${f.upstream} abarca varios servicios (${f.services}); sus rutas van a ${f.chosen}`,
    hint: {
      en: 'make them one service with replicas, or with strategy: blue-green',
      es: 'haga de ellos un solo servicio con réplicas, o con strategy: blue-green',
    },
  }),
  NGINX_SERVICE_GUESSED: message<{ upstream: string; service: string }>({
    en: (f) => `no Compose service is known as ${f.upstream}; its routes are listed under ${f.service}`,
    es: (f) => `ningún servicio de Compose se conoce como ${f.upstream}; sus rutas figuran en ${f.service}`,
    hint: {
      en: 'give the Compose file with -f, or write the right name into the result',
      es: 'indique el archivo Compose con -f, o escriba el nombre correcto en el resultado',
    },
  }),
  NGINX_NOT_NEEDED: message<{ directives: string }>({
    en: (f) => `not needed any more, the proxy is Timonel's: ${f.directives}`,
    es: (f) => `ya no hace falta, el proxy es el de Timonel: ${f.directives}`,
  }),
};

const problems = {
  quote: { en: 'this quotation is never closed', es: 'esta comilla no se cierra' },
  brace: { en: 'a block is never closed: } is missing', es: 'un bloque no se cierra: falta }' },
  semicolon: { en: 'this directive does not end: ; is missing', es: 'esta directiva no termina: falta ;' },
  stray: { en: 'nothing may stand here', es: 'aquí no puede haber nada' },
} as const;

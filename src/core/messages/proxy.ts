import { message } from './message.ts';
import { type Demand, inSpanish } from './policy-words.ts';
import { holderOf, waysToFree } from './port-holder.ts';

/** What the proxy and the routing say to their users. */
export const proxyMessages = {
  PROXY_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (proxy): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (proxy): ${f.detail}`,
  }),
  PROXY_NOT_INSTALLED: message({
    en: 'HAProxy is not installed, all traffic goes through it, and no Docker Engine answers that could run it',
    es: 'HAProxy no está instalado, todo el tráfico pasa por él, y no responde ningún Docker Engine que pueda ejecutarlo',
    hint: {
      en: 'install it: apt-get install -y haproxy; or start Docker, and it runs in a container: systemctl start docker',
      es: 'instálelo: apt-get install -y haproxy; o inicie Docker, y se ejecuta en un contenedor: systemctl start docker',
    },
  }),
  PROXY_UNSUITABLE: message<{ version: string; missing: string }>({
    en: (f) =>
      `the installed HAProxy ${f.version} lacks ${f.missing}, and no Docker Engine answers that could run another`,
    es: (f) =>
      `al HAProxy ${f.version} instalado le falta ${f.missing}, y no responde ningún Docker Engine que pueda ejecutar otro`,
    hint: {
      en: 'start Docker, and a newer one runs in a container: systemctl start docker; or install 2.6 or newer',
      es: 'inicie Docker, y uno más nuevo se ejecuta en un contenedor: systemctl start docker; o instale 2.6 o más nuevo',
    },
  }),
  PROXY_IMAGE_MISSING: message<{ image: string; reason: string }>({
    en: (f) => `HAProxy is not installed here, and the image that it should run from is missing: ${f.reason}`,
    es: (f) => `HAProxy no está instalado aquí, y falta la imagen desde la que debería ejecutarse: ${f.reason}`,
    hint: {
      en: (f) =>
        `bring it: docker pull ${f.image}; name another one: TIMONEL_PROXY_IMAGE=IMAGE; or install HAProxy: apt-get install -y haproxy`,
      es: (f) =>
        `tráigala: docker pull ${f.image}; indique otra: TIMONEL_PROXY_IMAGE=IMAGEN; o instale HAProxy: apt-get install -y haproxy`,
    },
  }),
  PROXY_HOME_TOO_LONG: message<{ path: string; length: number; limit: number }>({
    en: (f) => `the socket ${f.path} has ${f.length} bytes; the system allows ${f.limit}`,
    es: (f) => `el socket ${f.path} tiene ${f.length} bytes; el sistema permite ${f.limit}`,
    hint: {
      en: 'set TIMONEL_HOME to a shorter path',
      es: 'ponga en TIMONEL_HOME una ruta más corta',
    },
  }),
  PROXY_START_FAILED: message<{ reason: string; look: string }>({
    en: (f) => `the proxy did not start: ${f.reason}`,
    es: (f) => `el proxy no arrancó: ${f.reason}`,
    hint: { en: (f) => `read its log: ${f.look}`, es: (f) => `lea su registro: ${f.look}` },
  }),
  PROXY_CONFIG_REJECTED: message<{ reason: string; check: string }>({
    en: (f) => `the proxy refuses its new configuration and keeps the old one: ${f.reason}`,
    es: (f) => `el proxy rechaza su nueva configuración y conserva la anterior: ${f.reason}`,
    hint: { en: (f) => `check it: ${f.check}`, es: (f) => `revísela: ${f.check}` },
  }),
  PROXY_RELOAD_FAILED: message<{ reason: string; look: string }>({
    en: (f) => `the proxy did not take its new configuration and keeps the old one: ${f.reason}`,
    es: (f) => `el proxy no tomó su nueva configuración y conserva la anterior: ${f.reason}`,
    hint: { en: (f) => `read its log: ${f.look}`, es: (f) => `lea su registro: ${f.look}` },
  }),
  PROXY_PORT_TAKEN: message<{ address: string; port: number; pid: number; name: string }>({
    en: (f) => `port ${f.port} on ${f.address} is held by ${holderOf.en(f)}`,
    es: (f) => `el puerto ${f.port} en ${f.address} lo ocupa ${holderOf.es(f)}`,
    hint: {
      en: (f) => `${waysToFree.en(f, f.port)} or publish another port`,
      es: (f) => `${waysToFree.es(f, f.port)} o publique otro puerto`,
    },
  }),
  PROXY_PORT_PRIVILEGED: message<{ port: number; first: number }>({
    en: (f) => `port ${f.port} needs root: without it only ports from ${f.first} on may be used`,
    es: (f) => `el puerto ${f.port} necesita root: sin él solo se pueden usar puertos desde el ${f.first}`,
    hint: {
      en: 'run the daemon as root, or set TIMONEL_HTTP_PORT=8080 TIMONEL_HTTPS_PORT=8443',
      es: 'ejecute el demonio como root, o ponga TIMONEL_HTTP_PORT=8080 TIMONEL_HTTPS_PORT=8443',
    },
  }),
  PROXY_CANNOT_LISTEN: message<{ address: string; port: number; reason: string }>({
    en: (f) => `the proxy cannot listen on ${f.address}:${f.port}: ${f.reason}`,
    es: (f) => `el proxy no puede escuchar en ${f.address}:${f.port}: ${f.reason}`,
    hint: {
      en: 'use an address of this machine: ip -brief address',
      es: 'use una dirección de esta máquina: ip -brief address',
    },
  }),
  PROXY_NO_ANSWER: message<{ command: string; reason: string }>({
    en: (f) => `the proxy did not answer "${f.command}": ${f.reason}`,
    es: (f) => `el proxy no respondió a "${f.command}": ${f.reason}`,
    hint: { en: 'see what runs: timonel daemon status', es: 'vea qué corre: timonel daemon status' },
  }),
  PROXY_COMMAND_REFUSED: message<{ command: string; answer: string }>({
    en: (f) => `the proxy refused "${f.command}": ${f.answer}`,
    es: (f) => `el proxy rechazó "${f.command}": ${f.answer}`,
  }),
  PROXY_NOT_CONVERGED: message<{ differences: string }>({
    en: (f) => `the proxy does not carry what it was told: ${f.differences}`,
    es: (f) => `el proxy no lleva lo que se le indicó: ${f.differences}`,
  }),

  ROUTE_UDP: message<{ service: string; port: number; protocol: string }>({
    en: (f) => `port ${f.port}/${f.protocol} of ${f.service} cannot be published: the proxy carries TCP only`,
    es: (f) => `el puerto ${f.port}/${f.protocol} de ${f.service} no se puede publicar: el proxy solo lleva TCP`,
    hint: { en: 'remove the port, or publish it as tcp', es: 'quite el puerto, o publíquelo como tcp' },
  }),
  ROUTE_NO_PORT: message<{ service: string; route: string }>({
    en: (f) => `route ${f.route} does not say which port of ${f.service} it goes to`,
    es: (f) => `la ruta ${f.route} no dice a qué puerto de ${f.service} va`,
    hint: {
      en: (f) => `add x-timonel.route.port, or traefik.http.services.${f.route}.loadbalancer.server.port`,
      es: (f) => `añada x-timonel.route.port, o traefik.http.services.${f.route}.loadbalancer.server.port`,
    },
  }),
  ROUTE_TCP_MATCH: message<{ service: string }>({
    en: (f) => `a tcp route of ${f.service} cannot be chosen by host or path: publish the port instead`,
    es: (f) => `una ruta tcp de ${f.service} no se puede elegir por host o ruta: publique el puerto`,
  }),
  ROUTE_HOST: message<{ host: string }>({
    en: (f) => `"${f.host}" is not one host name`,
    es: (f) => `"${f.host}" no es un nombre de host`,
    hint: { en: 'write several hosts as a list', es: 'escriba varios hosts como lista' },
  }),
  ROUTE_RULE: message<{ label: string; reason: string }>({
    en: (f) => `the rule in ${f.label} cannot be read: ${f.reason}`,
    es: (f) => `no se entiende la regla de ${f.label}: ${f.reason}`,
  }),
  ROUTE_RULE_TOO_WIDE: message<{ route: string; terms: number; limit: number }>({
    en: (f) => `the rule of route ${f.route} spreads into ${f.terms} alternatives; ${f.limit} is the limit`,
    es: (f) => `la regla de la ruta ${f.route} se abre en ${f.terms} alternativas; el límite es ${f.limit}`,
    hint: { en: 'split it into several routers', es: 'divídala en varios routers' },
  }),
  ROUTE_NO_RULE: message<{ router: string }>({
    en: (f) => `router ${f.router} has no rule, so no request reaches it`,
    es: (f) => `el router ${f.router} no tiene regla, así que ninguna petición le llega`,
    hint: {
      en: (f) => `add traefik.http.routers.${f.router}.rule=Host(\`example.localhost\`)`,
      es: (f) => `añada traefik.http.routers.${f.router}.rule=Host(\`example.localhost\`)`,
    },
  }),
  ROUTE_ENTRY_POINT: message<{ name: string; router: string }>({
    en: (f) => `entry point ${f.name} of router ${f.router} is unknown; Timonel has web (HTTP) and websecure (HTTPS)`,
    es: (f) => `no existe el punto de entrada ${f.name} del router ${f.router}; hay web (HTTP) y websecure (HTTPS)`,
  }),
  ROUTE_TLS_ON_HTTP: message<{ router: string }>({
    en: (f) => `router ${f.router} asks for TLS on the HTTP entry point; it is served over HTTPS`,
    es: (f) => `el router ${f.router} pide TLS en la entrada HTTP; se sirve por HTTPS`,
  }),
  ROUTE_UNKNOWN_SERVICE: message<{ router: string; service: string }>({
    en: (f) => `router ${f.router} goes to ${f.service}, which no label of this service defines`,
    es: (f) => `el router ${f.router} va a ${f.service}, que ninguna etiqueta de este servicio define`,
    hint: {
      en: (f) =>
        f.service.endsWith('@internal')
          ? 'that is a part of Traefik itself: remove the router'
          : `define it: traefik.http.services.${f.service}.loadbalancer.server.port; or remove the router's service label`,
      es: (f) =>
        f.service.endsWith('@internal')
          ? 'eso es parte del propio Traefik: quite el router'
          : `defínalo: traefik.http.services.${f.service}.loadbalancer.server.port; o quite la etiqueta service del router`,
    },
  }),
  ROUTE_SEVERAL_SERVICES: message<{ router: string; services: string }>({
    en: (f) => `router ${f.router} does not say which of the services ${f.services} it goes to`,
    es: (f) => `el router ${f.router} no dice a cuál de los servicios ${f.services} va`,
    hint: {
      en: (f) => `name it: traefik.http.routers.${f.router}.service=NAME`,
      es: (f) => `nómbrelo: traefik.http.routers.${f.router}.service=NOMBRE`,
    },
  }),
  ROUTE_NO_ROUTER: message<{ service: string }>({
    en: (f) => `${f.service} turns Traefik on, but has no router, so no request reaches it from the edge`,
    es: (f) => `${f.service} activa Traefik, pero no tiene router, así que ninguna petición le llega desde fuera`,
    hint: {
      en: (f) => `add traefik.http.routers.${f.service}.rule=Host(\`example.localhost\`), or x-timonel.route`,
      es: (f) => `añada traefik.http.routers.${f.service}.rule=Host(\`example.localhost\`), o x-timonel.route`,
    },
  }),
  ROUTE_LABEL_UNKNOWN: message<{ label: string; nearest: string | undefined }>({
    en: (f) => `label ${f.label} is not known${f.nearest ? `; did you mean ${f.nearest}?` : ''}`,
    es: (f) => `no se conoce la etiqueta ${f.label}${f.nearest ? `; ¿quiso decir ${f.nearest}?` : ''}`,
  }),
  ROUTE_LABEL_UNHONOURED: message<{ label: string }>({
    en: (f) => `label ${f.label} is not honoured: nothing changes because of it`,
    es: (f) => `la etiqueta ${f.label} no se aplica: no cambia nada`,
    hint: {
      en: 'remove it; what x-timonel.route offers instead is in docs/x-timonel.md',
      es: 'quítela; lo que x-timonel.route ofrece en su lugar está en docs/x-timonel.md',
    },
  }),
  ROUTE_LABEL_VALUE: message<{ label: string; demand: Demand }>({
    en: (f) => `label ${f.label} must be ${f.demand}`,
    es: (f) => `la etiqueta ${f.label} debe ser ${inSpanish(f.demand)}`,
  }),
  ROUTE_TAKEN: message<{ route: string; rule: string; owner: string }>({
    en: (f) => `route ${f.route} (${f.rule}) is already taken by ${f.owner}`,
    es: (f) => `la ruta ${f.route} (${f.rule}) ya la tiene ${f.owner}`,
    hint: { en: 'choose another host or path', es: 'elija otro host u otra ruta' },
  }),
  ROUTE_TWICE: message<{ route: string; rule: string; other: string }>({
    en: (f) => `route ${f.route} asks for ${f.rule}, and so does ${f.other}`,
    es: (f) => `la ruta ${f.route} pide ${f.rule}, y también ${f.other}`,
    hint: {
      en: 'choose another host or path for one of them, or say with priority which goes first',
      es: 'elija otro host u otra ruta para una de ellas, o diga con priority cuál va primero',
    },
  }),
};

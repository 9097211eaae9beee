/* Why parts of an nginx file are not, or not exactly, what the imported routes do; and what to do about it. */

interface Gap {
  readonly why: string;
  readonly do: string;
}

type Pair<T> = Readonly<Record<'en' | 'es', T>>;

function gap(en: readonly [string, string], es: readonly [string, string]): Pair<Gap> {
  return { en: { why: en[0], do: en[1] }, es: { why: es[0], do: es[1] } };
}

/** What has no counterpart. */
export const nginxGaps = {
  static: gap(
    ['the proxy serves no files', 'serve them from a service of their own, and give it this host and path'],
    ['el proxy no sirve archivos', 'sírvalos desde un servicio propio y déle este host y path'],
  ),
  acme: gap(
    ['the path was for certbot', 'say where the certificate comes from in route.tls (docs/x-timonel.md)'],
    ['la ruta era para certbot', 'diga de dónde sale el certificado en route.tls (docs/x-timonel.md)'],
  ),
  'error-page': gap(
    ['error pages are the service’s own', 'answer them in the service; while it is replaced, requests wait'],
    [
      'las páginas de error son del servicio',
      'respóndalas en el servicio; mientras se reemplaza, las peticiones esperan',
    ],
  ),
  cache: gap(
    ['the proxy keeps no copies of answers', 'send Cache-Control from the service, or put a cache service before it'],
    [
      'el proxy no guarda copias de respuestas',
      'envíe Cache-Control desde el servicio, o ponga delante un servicio de caché',
    ],
  ),
  conditional: gap(
    ['conditions are routes of their own', 'write a route with rule: Method(...), Header(...) or Query(...)'],
    ['las condiciones son rutas aparte', 'escriba una ruta con rule: Method(...), Header(...) o Query(...)'],
  ),
  map: gap(
    ['its default value was taken, the others were not', 'write a route with a rule for each other value'],
    ['se tomó su valor por omisión y no los demás', 'escriba una ruta con rule para cada uno de los demás valores'],
  ),
  'map-upstreams': gap(
    [
      'which of two sets of instances serves is no matter of the proxy’s file',
      'make them one service with strategy: blue-green; timonel switchover changes sides',
    ],
    [
      'cuál de dos grupos de instancias sirve no depende del archivo del proxy',
      'haga de ellos un servicio con strategy: blue-green; timonel switchover cambia de lado',
    ],
  ),
  split: gap(
    ['shares of traffic belong to a deployment', 'deploy with strategy: canary'],
    ['los porcentajes de tráfico son de un despliegue', 'despliegue con strategy: canary'],
  ),
  script: gap(
    ['the proxy runs no programs', 'do it in the service'],
    ['el proxy no ejecuta programas', 'hágalo en el servicio'],
  ),
  'auth-request': gap(
    [
      'the proxy asks no other service who somebody is, so the route is closed',
      'check it in the service and take allow away, or use basicAuth',
    ],
    [
      'el proxy no pregunta a otro servicio quién es alguien, así que la ruta queda cerrada',
      'compruébelo en el servicio y quite allow, o use basicAuth',
    ],
  ),
  'fixed-answer': gap(
    ['the proxy answers nothing of its own', 'answer it in the service; a host or path without route gets 404'],
    ['el proxy no responde por sí mismo', 'respóndalo en el servicio; un host o path sin ruta recibe 404'],
  ),
  protocol: gap(
    [
      'instances are spoken to in HTTP',
      'run the program behind an HTTP server (gunicorn, php -S, nginx) in its service',
    ],
    [
      'a las instancias se les habla en HTTP',
      'ejecute el programa tras un servidor HTTP (gunicorn, php -S, nginx) en su servicio',
    ],
  ),
  stream: gap(
    ['TCP ports are published, not routed', 'publish the port in the service: ports: ["5432:5432"]'],
    ['los puertos TCP se publican, no se enrutan', 'publique el puerto en el servicio: ports: ["5432:5432"]'],
  ),
  value: gap(
    ['its value is made of nginx’s variables', 'set it in the service, which gets X-Forwarded-* and X-Request-ID'],
    ['su valor se forma con variables de nginx', 'póngalo en el servicio, que recibe X-Forwarded-* y X-Request-ID'],
  ),
  twice: gap(
    ['the header is set a second time', 'send it from the service'],
    ['la cabecera se pone por segunda vez', 'envíela desde el servicio'],
  ),
  port: gap(
    ['routes stand at the edge’s HTTP and HTTPS ports', 'publish the port in the service: ports: ["8080:8000"]'],
    [
      'las rutas están en los puertos HTTP y HTTPS del borde',
      'publique el puerto en el servicio: ports: ["8080:8000"]',
    ],
  ),
  'client-certificate': gap(
    [
      'client certificates are not asked for, so the route is closed',
      'use basicAuth, or check tokens in the service and take allow away',
    ],
    [
      'no se piden certificados de cliente, así que la ruta queda cerrada',
      'use basicAuth, o compruebe tokens en el servicio y quite allow',
    ],
  ),
  deny: gap(
    [
      'routes know whom they let in, not whom they refuse',
      'turn it round with allow, or refuse the address in the firewall',
    ],
    [
      'las rutas saben a quién dejan pasar, no a quién rechazan',
      'inviértalo con allow, o rechace la dirección en el cortafuegos',
    ],
  ),
  satisfy: gap(
    ['address and password are both asked for', 'keep one of allow and basicAuth'],
    ['se exigen tanto la dirección como la contraseña', 'deje uno de allow y basicAuth'],
  ),
  'user-file': gap(
    [
      'its file of users cannot be read here, so the route is closed',
      'copy its lines into basicAuth.users, with every $ doubled, and take allow away',
    ],
    [
      'su archivo de usuarios no se puede leer aquí, así que la ruta queda cerrada',
      'copie sus líneas en basicAuth.users, con cada $ doblado, y quite allow',
    ],
  ),
  include: gap(
    ['there is no such file here', 'run the command beside the main file, or on the output of nginx -T'],
    ['aquí no existe ese archivo', 'ejecute el comando junto al archivo principal, o sobre la salida de nginx -T'],
  ),
  rewrite: gap(
    ['rewriting starts the choice of a location again', 'write a route for the old path with rewrite'],
    ['reescribir vuelve a empezar la elección de location', 'escriba una ruta para el path antiguo con rewrite'],
  ),
  pattern: gap(
    ['the expression is not understood', 'write the route with a simpler rule: PathRegexp(`...`)'],
    ['no se entiende la expresión', 'escriba la ruta con un rule más sencillo: PathRegexp(`...`)'],
  ),
  alone: gap(
    ['no service stands behind it', 'write the route into the service that shall answer'],
    ['no hay ningún servicio detrás', 'escriba la ruta en el servicio que deba responder'],
  ),
  target: gap(
    ['where it leads is only known to nginx', 'write the route into the service that is meant'],
    ['solo nginx sabe a dónde lleva', 'escriba la ruta en el servicio que corresponda'],
  ),
  weights: gap(
    ['all instances of a service get the same share', 'leave it out, or make a service of its own'],
    ['todas las instancias de un servicio reciben lo mismo', 'quítelo, o haga un servicio aparte'],
  ),
  hash: gap(
    ['clients are kept at an instance by a cookie', 'set sticky: true where that is needed'],
    ['los clientes se mantienen en una instancia con una cookie', 'ponga sticky: true donde haga falta'],
  ),
  key: gap(
    ['requests are counted by address, host, header or token claim', 'write rateLimit or inFlight with by:'],
    [
      'las peticiones se cuentan por dirección, host, cabecera o dato del token',
      'escriba rateLimit o inFlight con by:',
    ],
  ),
  zone: gap(
    ['its zone is not defined here', 'run the command on the main file, or on the output of nginx -T'],
    ['su zona no está definida aquí', 'ejecute el comando sobre el archivo principal, o sobre la salida de nginx -T'],
  ),
  'retry-case': gap(
    ['this case is not tried again', 'keep it if the first answer may be shown'],
    ['este caso no se reintenta', 'déjelo si se puede mostrar la primera respuesta'],
  ),
  answer: gap(
    ['answers are passed on as they are', 'change it in the service'],
    ['las respuestas se entregan como son', 'cámbielo en el servicio'],
  ),
  bandwidth: gap(
    ['requests are limited, bytes per second are not', 'use rateLimit or inFlight'],
    ['se limitan las peticiones, no los bytes por segundo', 'use rateLimit o inFlight'],
  ),
  mirror: gap(
    ['a request goes to one service only', 'send the copy from the service'],
    ['una petición va a un solo servicio', 'envíe la copia desde el servicio'],
  ),
  trust: gap(
    ['the client’s address is believed from X-Forwarded-For only', 'let the proxy in front send X-Forwarded-For'],
    ['la dirección del cliente solo se cree de X-Forwarded-For', 'haga que el proxy de delante envíe X-Forwarded-For'],
  ),
  upstream: gap(
    ['instances are chosen by Timonel', 'see docs/x-timonel.md for balance, sticky and retry'],
    ['las instancias las elige Timonel', 'vea docs/x-timonel.md sobre balance, sticky y retry'],
  ),
  unknown: gap(
    ['the import does not know it', 'see in docs/x-timonel.md whether a route says the same'],
    ['la importación no la conoce', 'vea en docs/x-timonel.md si una ruta dice lo mismo'],
  ),
} as const satisfies Readonly<Record<string, Pair<Gap>>>;

export type NginxGap = keyof typeof nginxGaps;

/** What is carried over, but means something a little different. */
export const nginxChanges = {
  prefix: {
    en: 'nginx also gives it paths that only begin alike (/apix for /api); the route takes the path and what is below it',
    es: 'nginx también le da rutas que solo empiezan igual (/apix para /api); la ruta toma el path y lo que está debajo',
  },
  slash: {
    en: 'nginx sends the path without its last slash on to the one with it; the route takes both as they are',
    es: 'nginx redirige el path sin la barra final al que la tiene; la ruta toma ambos tal cual',
  },
  https: {
    en: 'Timonel sends plain requests to HTTPS by itself, with 308 instead, which keeps the method',
    es: 'Timonel envía por sí mismo las peticiones a HTTPS, con 308, que conserva el método',
  },
  'limit-status': {
    en: 'what is over the limit gets 429 with Retry-After, not 503',
    es: 'lo que excede el límite recibe 429 con Retry-After, no 503',
  },
  'limit-delay': {
    en: 'requests of the burst pass at once instead of being delayed',
    es: 'las peticiones de la ráfaga pasan al momento en vez de retrasarse',
  },
  'on-errors': {
    en: 'the header is now on error answers too, as with always',
    es: 'la cabecera ahora va también en las respuestas de error, como con always',
  },
  'forwarded-for': {
    en: 'the service is told the client’s address; what a client wrote into X-Forwarded-For itself is removed unless it is one of trustedProxies',
    es: 'el servicio recibe la dirección del cliente; lo que un cliente haya escrito en X-Forwarded-For se quita salvo que sea de trustedProxies',
  },
  'host-kept': {
    en: 'the service now gets the Host that the client asked for, not the upstream’s name',
    es: 'el servicio recibe ahora el Host que pidió el cliente, no el nombre del upstream',
  },
  'ip-hash': {
    en: 'a client is kept at its instance by a cookie, not by its address',
    es: 'un cliente se mantiene en su instancia con una cookie, no por su dirección',
  },
  probes: {
    en: 'ill instances are found by their probe, not by failed requests of users',
    es: 'las instancias enfermas se detectan con su probe, no con peticiones fallidas de los usuarios',
  },
  tls: {
    en: 'versions and ciphers are Timonel’s: TLS 1.2 and 1.3',
    es: 'las versiones y los cifrados son los de Timonel: TLS 1.2 y 1.3',
  },
  certificate: {
    en: 'the path is the one inside nginx’s container; write the path on this machine',
    es: 'la ruta es la del contenedor de nginx; escriba la de esta máquina',
  },
  'body-default': {
    en: 'nginx’s own limit, 1 MB, is written out because the file names none',
    es: 'se escribe el límite propio de nginx, 1 MB, porque el archivo no indica ninguno',
  },
  connect: {
    en: 'an instance that does not take a connection is left at once for another',
    es: 'una instancia que no acepta conexión se cambia en seguida por otra',
  },
} as const satisfies Readonly<Record<string, Pair<string>>>;

export type NginxChange = keyof typeof nginxChanges;

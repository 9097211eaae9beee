/** An upstream that takes 1, 10 or 50 ms for 90, 8 and 2 % of the requests, and answers 500 to 3 %. */
export function upstreamConfig(address: string, script: string): string {
  return `global
  lua-load-per-thread ${script}
defaults
  mode http
  timeout connect 1s
  timeout client 1m
  timeout server 1m
frontend f
  bind ${address}:9000
  http-request lua.work
  http-request return status 500 if { rand(100) lt 3 }
  http-request return status 200 content-type text/plain string ok
`;
}

export const work = `
core.register_action('work', { 'http-req' }, function()
  local lot = math.random(100)
  core.msleep(lot <= 90 and 1 or lot <= 98 and 10 or 50)
end)
`;

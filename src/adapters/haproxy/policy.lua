-- What policies need beyond the proxy's own rules. Loaded once per thread: nothing here is shared.

local function now_ms()
  local now = core.now()
  return now.sec * 1000 + now.usec / 1000
end

-- Counts a request body on its way and breaks off what is longer than txn.body_limit allows.
local longest_drain_ms = 10000
local BodyLimit = {}
BodyLimit.id = "body_limit"
BodyLimit.flags = filter.FLT_CFG_FL_HTX
BodyLimit.__index = BodyLimit

function BodyLimit:new()
  local one = setmetatable({}, BodyLimit)
  one.count = 0
  return one
end

function BodyLimit:start_analyze(txn, channel)
  if channel:is_resp() then return end
  filter.register_data_filter(self, channel)
end

function BodyLimit:http_payload(txn, message)
  if message.channel:is_resp() then return end
  if self.limit == nil then self.limit = txn:get_var("txn.body_limit") or false end
  local length = message:input()
  -- The end of a chunked body is among what is counted; only where it decides, the body itself is looked at.
  if self.limit and self.count + length > self.limit then length = #(message:body() or "") end
  self.count = self.count + length
  if not self.limit or self.count <= self.limit then
    message:forward(message:input())
    return
  end
  -- Who still sends might never see an answer, so what is too much is taken and dropped, for a while.
  self.over = self.over or now_ms()
  message:remove()
  if message:eom() or now_ms() - self.over > longest_drain_ms then
    txn:set_var("txn.too_large", true)
    -- Returning filter.ERROR does nothing in version 2.6; an error of the program ends the request.
    error("request body over the limit")
  end
end

core.register_filter("body_limit", BodyLimit, function(class, args) return class end)

-- Apache's MD5 form of a password, APR's apr_md5_encode.
local digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

local function in_digits(value, length)
  local text = {}
  for _ = 1, length do
    text[#text + 1] = digits:sub((value & 63) + 1, (value & 63) + 1)
    value = value >> 6
  end
  return table.concat(text)
end

local function apr1(md5, password, salt)
  local inner = md5(password .. salt .. password)
  local parts = { password, "$apr1$", salt }
  for left = #password, 1, -16 do parts[#parts + 1] = inner:sub(1, math.min(16, left)) end
  local bits = #password
  while bits > 0 do
    parts[#parts + 1] = (bits & 1) == 1 and "\0" or password:sub(1, 1)
    bits = bits >> 1
  end
  local final = md5(table.concat(parts))
  for round = 0, 999 do
    local odd = (round & 1) == 1
    final = md5((odd and password or final)
      .. (round % 3 ~= 0 and salt or "")
      .. (round % 7 ~= 0 and password or "")
      .. (odd and final or password))
  end
  local function byte(at) return final:byte(at + 1) end
  local text = ""
  for _, at in ipairs({ { 0, 6, 12 }, { 1, 7, 13 }, { 2, 8, 14 }, { 3, 9, 15 }, { 4, 10, 5 } }) do
    text = text .. in_digits((byte(at[1]) << 16) | (byte(at[2]) << 8) | byte(at[3]), 4)
  end
  return text .. in_digits(byte(11), 2)
end

local function is_right(txn, password, hash)
  local salt, rest = hash:match("^%$apr1%$([^$]+)%$(.+)$")
  if salt ~= nil then
    return apr1(function(text) return txn.c:digest(text, "md5") end, password, salt) == rest
  end
  local sha = hash:match("^{SHA}(.+)$")
  return sha ~= nil and txn.c:base64(txn.c:sha1(password)) == sha
end

-- Sets txn.login when the request's credential is this user's.
core.register_action("check_password", { "http-req" }, function(txn, name, hash)
  if txn.f:http_auth_user() ~= name then return end
  if is_right(txn, txn.f:http_auth_pass(), hash) then txn:set_var("txn.login", true) end
end, 2)

-- Waits before a request is tried again: first as long as it is told, then half as long again each time, at most twice
-- as long.
core.register_action("pause_between_tries", { "http-req" }, function(txn)
  local first, tries = txn:get_var("txn.pause"), txn:get_var("txn.tries")
  core.msleep(math.floor(math.min(first * 1.5 ^ (tries - 2), 2 * first)))
end, 0)

-- Error pages: in place of an answer the client gets a page of another service, which is asked for at the proxy's own
-- door for it. Where there is no such page, the answer stays as it was.
local pages_door = "@PAGES_DOOR@"
local longest_page = 1048576
local page_deadline_ms = 3000
-- Each thread has a clock of its own, which stands still while it works.
local clocks_apart_ms = 1000

-- What belongs to the request that failed and would make another thing of a page.
local unasked = {
  ["connection"] = true, ["content-encoding"] = true, ["content-length"] = true, ["content-type"] = true,
  ["expect"] = true, ["if-match"] = true, ["if-modified-since"] = true, ["if-none-match"] = true, ["if-range"] = true,
  ["if-unmodified-since"] = true, ["keep-alive"] = true, ["proxy-connection"] = true, ["range"] = true, ["te"] = true,
  ["trailer"] = true, ["transfer-encoding"] = true, ["upgrade"] = true,
}

local function is_ours(name) return name:find("x-timonel-", 1, true) == 1 end

-- What a connection carries for itself, and our own mark.
local untold = {
  ["connection"] = true, ["content-length"] = true, ["keep-alive"] = true, ["proxy-connection"] = true,
  ["trailer"] = true, ["transfer-encoding"] = true, ["upgrade"] = true, ["x-timonel-page"] = true,
}

-- Without these the status would lose its meaning: how to log in, when to come again, what is allowed.
local kept = { ["allow"] = true, ["proxy-authenticate"] = true, ["retry-after"] = true, ["www-authenticate"] = true }

local function query_escape(text)
  return (text:gsub("[^%w%-_.~ ]", function(one) return string.format("%%%02X", one:byte()) end):gsub(" ", "+"))
end

-- `rewrites` is FROM-TO=STATUS between commas.
local function rewritten(status, rewrites)
  for from, to, wanted in rewrites:gmatch("(%d+)%-(%d+)=(%d+)") do
    if status >= tonumber(from) and status <= tonumber(to) then return tonumber(wanted) end
  end
  return status
end

-- The headers for the page's request from those of the one that failed; `names` is `-` or those to pass on.
local function page_headers(txn, names, backend)
  local wanted = nil
  if names ~= "-" then
    wanted = { ["host"] = true }
    for name in names:gmatch("[^,]+") do wanted[name:lower()] = true end
  end
  local headers = {}
  for name, value in (txn:get_var("txn.asked_headers") or ""):gmatch("([^:\r\n]+): ?([^\r\n]*)\r?\n") do
    name = name:lower()
    if not unasked[name] and not is_ours(name) and (wanted == nil or wanted[name]) then
      headers[name] = headers[name] or {}
      table.insert(headers[name], value)
    end
  end
  if wanted == nil and headers["x-forwarded-for"] == nil then headers["x-forwarded-for"] = { txn.f:src() } end
  headers["x-timonel-page"] = { backend }
  return headers
end

-- The page and the status that its service gave it; nothing when there is none, or not the whole of it in time.
local function fetch_page(txn, backend, path, names)
  local began = now_ms()
  local ok, page = pcall(function()
    return core.httpclient():get{
      url = "http://pages" .. path, dst = pages_door, timeout = 2 * page_deadline_ms,
      headers = page_headers(txn, names, backend),
    }
  end)
  -- The door tells the status; it does not where the proxy answered because the service did not.
  local told = ok and page ~= nil and page.headers ~= nil and page.headers["x-timonel-page"]
  if not told or now_ms() - began >= page_deadline_ms then return nil end
  local got, promised = #(page.body or ""), page.headers["content-length"]
  if got > longest_page or (promised ~= nil and tonumber(promised[0]) ~= got) then return nil end
  return page, tonumber(told[0])
end

-- Pages on their way to the filter that puts them in place: a variable holds no more than the proxy's buffer. A stream
-- keeps its page, and with the stream it goes.
local pages = setmetatable({}, { __mode = "v" })

local function put_page(txn, status, page)
  local http = txn.http
  for name in pairs(http:res_get_headers()) do
    if not kept[name] or page.headers[name] ~= nil then http:res_del_header(name) end
  end
  for name, values in pairs(page.headers) do
    if not untold[name] then
      for at = 0, #values do
        if values[at] ~= nil then http:res_add_header(name, values[at]) end
      end
    end
  end
  http:res_set_header("content-length", tostring(#(page.body or "")))
  http:res_set_status(status)
  local kept_page, key = { body = page.body or "" }, txn.f:uuid()
  pages[key] = kept_page
  txn:set_priv(kept_page)
  txn:set_var("txn.error_page", key)
end

core.register_action("error_page", { "http-res" }, function(txn, backend, query, rewrites, names)
  local original = txn.f:status()
  local status = rewritten(original, rewrites)
  local values = { status = status, originalStatus = original, url = query_escape(txn:get_var("txn.asked_url") or "") }
  local path = "/" .. query:gsub("^/", ""):gsub("{(%a+)}", function(name) return values[name] end)
  local page, found = fetch_page(txn, backend, path, names)
  if page == nil then return end
  -- A failure of the pages' service is not what the client shall see; its own page for this status is.
  if found >= 500 and found ~= status and found ~= original then return end
  put_page(txn, status, page)
end, 4)

-- Puts the page in place of the answer's body, as much at a time as the proxy has room for.
local ErrorPages = {}
ErrorPages.id = "error_pages"
ErrorPages.flags = filter.FLT_CFG_FL_HTX
ErrorPages.__index = ErrorPages

function ErrorPages:new() return setmetatable({}, ErrorPages) end

function ErrorPages:http_headers(txn, message)
  if not message.channel:is_resp() then return end
  local key = txn:get_var("txn.error_page")
  if key == nil or pages[key] == nil then return end
  self.page, self.sent = pages[key].body, 0
  pages[key] = nil
  filter.register_data_filter(self, message.channel)
end

function ErrorPages:http_payload(txn, message)
  if not message.channel:is_resp() then return end
  if message:input() > 0 then message:remove() end
  local put = 0
  if self.sent < #self.page then
    message:unset_eom()
    put = message:append(self.page:sub(self.sent + 1, self.sent + 8192))
  end
  if put > 0 then
    message:forward(put)
    self.sent = self.sent + put
  end
  -- Nobody wakes us when there is room again.
  if self.sent < #self.page then filter.wake_time(1) else message:set_eom() end
end

core.register_filter("error_pages", ErrorPages, function(class, args) return class end)

-- At the pages' door: breaks off what is too long or takes too long, for a page is kept in memory as a whole. Who asked
-- sees no difference to an end, so it gets more than it takes, or gets it too late by its own clock as well.
local PageLimit = {}
PageLimit.id = "page_limit"
PageLimit.flags = filter.FLT_CFG_FL_HTX
PageLimit.__index = PageLimit

function PageLimit:new()
  local ends = now_ms() + page_deadline_ms + clocks_apart_ms
  return setmetatable({ left = longest_page + 65536, ends = ends }, PageLimit)
end

function PageLimit:start_analyze(txn, channel)
  if channel:is_resp() then filter.register_data_filter(self, channel) end
end

function PageLimit:http_payload(txn, message)
  if not message.channel:is_resp() then return end
  self.left = self.left - message:input()
  if self.left < 0 or now_ms() >= self.ends then error("an error page that is too long or takes too long") end
  message:forward(message:input())
end

core.register_filter("page_limit", PageLimit, function(class, args) return class end)

-- What policies need beyond the proxy's own rules. Loaded once per thread: nothing here is shared.

-- Counts a request body on its way and breaks off what is longer than txn.body_limit allows.
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
  message:forward(message:input())
  if self.limit and self.count > self.limit then
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

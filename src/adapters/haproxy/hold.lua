-- Requests and connections of a held backend wait here instead of failing.
-- The map says which backends are held: NAME LIMIT/MILLISECONDS. It is changed over the runtime socket.
local held = Map.new("@HOLD_MAP@", Map._str)
local waiting = {}

local function now_ms()
  local now = core.now()
  return now.sec * 1000 + now.usec / 1000
end

-- Many waiters look more rarely, so that a full hold costs no more than a few per cent of a core.
local function pause_ms(count)
  return 15 + math.floor(count / 15)
end

local function wait_while_held(txn, name, deadline)
  while held:lookup(name) ~= nil do
    -- A worker that was replaced passes the request on; its successor holds it again if it must.
    if txn.f:stopping() == 1 then return end
    if now_ms() >= deadline then
      txn:set_var("txn.held", "timeout")
      return
    end
    core.msleep(pause_ms(waiting[name]))
  end
end

core.register_action("hold", { "http-req", "tcp-req" }, function(txn, name)
  local entry = held:lookup(name)
  if entry == nil then return end
  local limit, longest = entry:match("^(%d+)/(%d+)$")
  local count = waiting[name] or 0
  if limit == nil or count >= tonumber(limit) then
    txn:set_var("txn.held", "full")
    return
  end
  waiting[name] = count + 1
  -- The count must come back down whatever happens, or the hold would fill up for good.
  local ok, reason = pcall(wait_while_held, txn, name, now_ms() + tonumber(longest))
  waiting[name] = waiting[name] - 1
  if not ok then error(reason) end
end, 1)

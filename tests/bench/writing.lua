-- Posts the same body again and again, each time with an Idempotency-Key that nobody has used.
-- Arguments: what the keys of this run begin with, the body, and what takes turns in the place of its {turn}.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "reading.lua") -- for its report

local run, body, turns, sent

function init(args)
  run, body, sent = args[1], args[2], 0
  turns = { select(3, unpack(args)) }
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
end

function request()
  sent = sent + 1
  wrk.headers["idempotency-key"] = run .. sent
  local said = body
  if #turns > 0 then
    said = body:gsub("{turn}", turns[sent % #turns + 1])
  end
  return wrk.format(nil, nil, nil, said)
end

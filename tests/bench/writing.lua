-- Posts the same body again and again, each time with an Idempotency-Key that nobody has used.
-- Arguments: what the keys of this run begin with, the body.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "reading.lua") -- for its report

local run, body, sent

function init(args)
  run, body, sent = args[1], args[2], 0
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
end

function request()
  sent = sent + 1
  wrk.headers["idempotency-key"] = run .. sent
  return wrk.format(nil, nil, nil, body)
end

-- Reads an address again and again. Ends wrk's report with one line of JSON; durations in microseconds.
-- Arguments: what takes turns in the place of its {turn}, where it has one.
local turns, sent

function init(args)
  turns, sent = args, 0
  if #turns > 0 then -- else wrk sends one request that it made once
    request = in_turns
  end
end

function in_turns()
  sent = sent + 1
  return wrk.format(nil, (wrk.path:gsub("{turn}", turns[sent % #turns + 1])))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end

-- Opens a session, lets its tracks record what comes from ports that appear meanwhile, and saves it.
-- Usage: ardour7-lua -X record.lua FOLDER NAME SECONDS [TRACK=PORT ...]
-- Writes FOLDER/ROLLING when it records; stops when there is FOLDER/STOP, or after SECONDS.
local folder, name, seconds = arg[1], arg[2], tonumber(arg[3])
local UI = ARDOUR.TransportRequestSource.TRS_UI

local function there(file)
  local found = io.open(folder .. "/" .. file)
  if found then found:close() end
  return found ~= nil
end

assert(AudioEngine:set_backend("JACK", "ardour", ""), "no JACK backend")
AudioEngine:start(false)
local session = assert(load_session(folder, name), "no session")

local wanted = {}
for i = 4, #arg do
  local track, port = arg[i]:match("^(.-)=(.*)$")
  wanted[#wanted + 1] = { track = track, port = port }
end

for route in session:get_tracks():iter() do
  route:to_track():rec_enable_control():set_value(1, PBD.GroupControlDisposition.NoGroup)
end

-- Only looked for: to ask for a connection that cannot be yet would trouble the server, which is frail enough.
local function ports(kind)
  local found = {}
  local flags = ARDOUR.PortFlags.IsOutput
  local _, answer = AudioEngine:get_backend_ports("", ARDOUR.DataType(kind), flags, C.StringVector())
  for name in answer[4]:iter() do found[name] = true end
  return found
end

local function connect()
  local midi, audio = ports("midi"), ports("audio")
  for _, one in ipairs(wanted) do
    local number, port = one.port:match("^(%d+):(.*)$")
    if not one.done and (midi[port] or audio[port]) then
      one.seen = (one.seen or 0) + 1
      -- Its client may not be active at first.
      if one.seen > 2 then
        local ear = session:route_by_name(one.track):input():nth(tonumber(number))
        if ear:connected_to(port) or ear:connect(port) == 0 then
          one.done = true
          print("CONNECTED", one.track, port)
        end
      end
    end
  end
end

ARDOUR.LuaAPI.usleep(300000)
session:goto_start()
session:maybe_enable_record()
ARDOUR.LuaAPI.usleep(200000)
session:request_roll(UI)
ARDOUR.LuaAPI.usleep(200000)
io.open(folder .. "/ROLLING", "w"):close()
local passed = 0
while passed < seconds and not there("STOP") do
  connect()
  ARDOUR.LuaAPI.usleep(30000)
  passed = passed + 0.03
end
print("RECORDED", session:actively_recording(), session:transport_sample())
session:request_stop(false, false, UI)
ARDOUR.LuaAPI.usleep(800000)
session:save_state("")
print("SAVED")
io.stdout:flush()
close_session()
quit()

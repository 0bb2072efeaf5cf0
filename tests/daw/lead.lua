-- Opens an empty session whose clock others follow, and moves its transport when it is told.
-- Usage: ardour7-lua -X lead.lua FOLDER NAME
-- Waits for FOLDER/GO-1, rolls, and writes FOLDER/ROLLING-1; waits for FOLDER/HALT-1, stops, and writes
-- FOLDER/STOPPED-1; the same with 2, from where it stands; ends when there is FOLDER/END.
local folder, name = arg[1], arg[2]
local UI = ARDOUR.TransportRequestSource.TRS_UI

local function there(file)
  local found = io.open(folder .. "/" .. file)
  if found then found:close() end
  return found ~= nil
end

local function wait_for(file)
  while not there(file) and not there("END") do ARDOUR.LuaAPI.usleep(20000) end
end

local function say(file) io.open(folder .. "/" .. file, "w"):close() end

assert(AudioEngine:set_backend("JACK", "ardour", ""), "no JACK backend")
AudioEngine:start(false)
local session = assert(create_session(folder, name, 48000), "no session")
ARDOUR.LuaAPI.usleep(300000)
session:goto_start()
ARDOUR.LuaAPI.usleep(200000)
say("READY")
for turn = 1, 2 do
  wait_for("GO-" .. turn)
  session:request_roll(UI)
  say("ROLLING-" .. turn)
  wait_for("HALT-" .. turn)
  session:request_stop(false, false, UI)
  say("STOPPED-" .. turn)
end
wait_for("END")
close_session()
quit()

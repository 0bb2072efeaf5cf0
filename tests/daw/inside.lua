-- Makes a session in which Sempre plays inside Ardour, and a track beside each instance records what it says.
-- Usage: ardour7-lua -X inside.lua make FOLDER NAME KIND...
--        ardour7-lua -X inside.lua play FOLDER NAME STEP...
-- A kind is LV2 or VST3, with +sound where sound is recorded and not notes; or ramp:BPM:BPM:BEATS for the tempo.
-- A step is record:SECONDS from the begin, take:SAMPLE:SECONDS from elsewhere, loop:FIRST:LAST:SECONDS in samples,
-- locate:SAMPLE:SECONDS, stop, export:NAME:FIRST:LAST, or wait:FILE until there is such a file in FOLDER; before
-- each one it writes its number to FOLDER/STEP.
local what, folder, name = arg[1], arg[2], arg[3]
local UI = ARDOUR.TransportRequestSource.TRS_UI
local function rest(ms) ARDOUR.LuaAPI.usleep((ms or 300) * 1000) end
local function count(kind, number) return ARDOUR.ChanCount(ARDOUR.DataType(kind), number) end

assert(AudioEngine:set_backend("JACK", "ardour", ""), "no JACK backend")
AudioEngine:start(false)

local last, normal = ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal

local function ramp(first, final, beats)
  local map = Temporal.TempoMap.write_copy()
  map:set_tempo(Temporal.Tempo(first, final, 4), Temporal.timepos_t.from_ticks(0))
  map:set_tempo(Temporal.Tempo(final, final, 4), Temporal.timepos_t.from_ticks(beats * Temporal.ticks_per_beat))
  Temporal.TempoMap.update(map)
end

local function add(session, number, kind, sound)
  local kinds = { LV2 = ARDOUR.PluginType.LV2, VST3 = ARDOUR.PluginType.VST3 }
  local ids = { LV2 = "urn:sempre:plugin", VST3 = "Sempre" }
  local plugin = ARDOUR.LuaAPI.new_plugin(session, ids[kind], kinds[kind], "")
  assert(not plugin:isnil(), "Ardour does not know the plugin")
  local host, take
  for route in session:new_midi_track(count("midi", 1), count("midi", 1), true, ARDOUR.PluginInfo(), nil, nil, 1,
    "Play" .. number, last, normal, true):iter() do host = route end
  rest()
  assert(host:add_processor_by_index(plugin, 0, nil, true) == 0, "it cannot be put there")
  rest()
  if sound then
    -- A track that is strict about its outputs has none for sound beside notes.
    host:set_strict_io(false)
    rest()
  end
  for n = 0, host:output():n_ports():n_total() - 1 do print("out", host:output():nth(n):name()) end
  if sound then
    for route in session:new_audio_track(2, 2, nil, 1, "Take" .. number, last, normal, true):iter() do take = route end
    rest()
    for n = 0, 1 do
      take:input():audio(n):disconnect_all()
      assert(take:input():audio(n):connect(host:output():audio(n):name()) == 0, "no way between the tracks")
    end
  else
    for route in session:new_midi_track(count("midi", 1), count("midi", 1), true, ARDOUR.PluginInfo(), nil, nil, 1,
      "Take" .. number, last, normal, true):iter() do take = route end
    rest()
    take:input():nth(0):disconnect_all()
    assert(take:input():nth(0):connect(host:output():midi(0):name()) == 0, "no way between the tracks")
  end
  rest()
end

if what == "make" then
  local session = assert(create_session(folder, name, 48000), "no session")
  rest()
  for number = 1, #arg - 3 do
    local kind, sound = arg[number + 3]:gsub("%+sound", "")
    local first, final, beats = kind:match("^ramp:(%d+):(%d+):(%d+)")
    if first then
      ramp(tonumber(first), tonumber(final), tonumber(beats))
    else
      add(session, number, kind, sound > 0)
    end
  end
  session:save_state("")
  close_session()
  print("MADE")
  quit()
end

if what == "play" then
  local session = assert(load_session(folder, name), "no session")
  rest()
  local function told(text)
    local file = io.open(folder .. "/STEP", "w")
    file:write(text)
    file:close()
    print("STEP", text, session:transport_sample())
  end
  local function there(file)
    local found = io.open(folder .. "/" .. file)
    if found then found:close() end
    return found ~= nil
  end
  local function take(seconds)
    session:maybe_enable_record()
    rest(200)
    session:request_roll(UI)
    rest(seconds * 1000)
    session:request_stop(false, false, UI)
    rest(500)
  end
  for route in session:get_tracks():iter() do
    if route:name():match("^Take") then
      route:to_track():rec_enable_control():set_value(1, PBD.GroupControlDisposition.NoGroup)
    end
  end
  rest()
  for i = 4, #arg do
    local step, words = arg[i], {}
    for word in step:gmatch("[^:]+") do words[#words + 1] = word end
    told(tostring(i - 3) .. " " .. step)
    if words[1] == "record" then
      session:goto_start()
      rest()
      take(tonumber(words[2]))
    elseif words[1] == "take" then
      session:request_locate(tonumber(words[2]), false, ARDOUR.LocateTransportDisposition.MustStop, UI)
      rest(500)
      take(tonumber(words[3]))
    elseif words[1] == "export" then
      local export = session:simple_export()
      export:set_folder(folder .. "/export")
      export:set_name(words[2])
      export:set_range(tonumber(words[3]), tonumber(words[4]))
      assert(export:run_export(), "nothing was exported")
    elseif words[1] == "loop" then
      local first, last = Temporal.timepos_t(tonumber(words[2])), Temporal.timepos_t(tonumber(words[3]))
      local flags = ARDOUR.LocationFlags.IsAutoLoop
      local place = ARDOUR.Location(session, first, last, "Loop", flags)
      session:locations():add(place, true)
      session:set_auto_loop_location(place)
      session:request_play_loop(true, false)
      session:request_roll(UI)
      rest(tonumber(words[4]) * 1000)
      session:request_play_loop(false, false)
      session:request_stop(false, false, UI)
      rest(500)
    elseif words[1] == "locate" then
      session:request_locate(tonumber(words[2]), false, ARDOUR.LocateTransportDisposition.MustRoll, UI)
      rest(tonumber(words[3]) * 1000)
    elseif words[1] == "stop" then
      session:request_stop(false, false, UI)
      rest(500)
    elseif words[1] == "wait" then
      while not there(words[2]) do rest(20) end
    end
  end
  told("over")
  session:save_state("")
  rest()
  print("SAVED")
  quit()
end

"""`sempre daw ardour`: a script that makes a session with a track for each layer, connected and armed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugin_host.drivers.jack_driver import CLIENT

if TYPE_CHECKING:
    from repl.daw_plan import Plan

SYNTH = "https://community.ardour.org/node/7596"
"""The plain synthesizer that comes with Ardour: a track is heard before another instrument is chosen."""
SOUND = "Sempre"
"""The audio track for what our own instruments play."""

_MADE = """\
-- Makes an Ardour session for "{title}": a track for each layer, connected to Sempre, armed and ready.
-- Written by `sempre daw ardour`; run it where a JACK server runs:
--     ardour7-lua {file} [FOLDER [SAMPLE RATE]]
-- Ardour 8 and later call it ardour8-lua and so on. FOLDER must not exist; without it: {folder}
local title, bpm, beats = {title_text}, {bpm}, {beats}
local port = {port_text}
local sound = {sound}
local tracks = {{
{rows}}}

local folder, rate = arg[1] or {folder_text}, tonumber(arg[2] or "48000")
assert(AudioEngine:set_backend("JACK", "ardour", ""), "Ardour finds no JACK: start a server first")
AudioEngine:start(false)
local session = assert(create_session(folder, title, rate), "no session: is " .. folder .. " there already?")

local function count(kind, number) return ARDOUR.ChanCount(ARDOUR.DataType(kind), number) end
local last, normal = ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal
local function arm(track) track:rec_enable_control():set_value(1, PBD.GroupControlDisposition.NoGroup) end

local changes = {{}}
local function note(key, change) changes[key] = change end
local function text(value)
  local short = {{ ["&"] = "amp", ["<"] = "lt", [">"] = "gt", ['"'] = "quot", ["'"] = "apos" }}
  return (value:gsub('[&<>"' .. "']", function(sign) return "&" .. short[sign] .. ";" end))
end

-- Ardour connects what is new in a thread of its own, and JACK's library takes no requests from two at once.
local function rest() ARDOUR.LuaAPI.usleep(300000) end

rest()
local synth = ARDOUR.LuaAPI.new_plugin_info({synth_text}, ARDOUR.PluginType.LV2)
for _, row in ipairs(tracks) do
  local made = session:new_midi_track(count("midi", 1), count("audio", 2), true, synth, nil, nil, 1,
    row.name, last, normal, false)
  rest()
  for track in made:iter() do
    arm(track)
    track:input():nth(0):connect(port)
    note(text(track:name()), row.channels)
    print("track", track:name())
  end
end
if sound then
  local made = session:new_audio_track(2, 2, nil, 1, {sound_text}, last, normal, false)
  rest()
  for track in made:iter() do
    arm(track)
    for side = 0, 1 do track:input():nth(side):connect(sound .. (side + 1)) end
    print("track", track:name())
  end
end
rest()
session:save_state("")
close_session()

-- What scripts cannot reach is changed in the file: which channels a track hears, its port for when Sempre
-- starts later, the tempo, the metre, and that Ardour listens to OSC.
local place = folder .. "/" .. title .. ".ardour"
local file = assert(io.open(place))
local state = file:read("a")
file:close()
state = state:gsub("<Route .-</Route>", function(route)
  local name = route:match('^<Route [^>]-name="(.-)"')
  local mask = changes[name]
  if mask then
    route = route:gsub('capture%-channel%-mode="%w+"', 'capture-channel-mode="FilterChannels"', 1)
    route = route:gsub('capture%-channel%-mask="%w+"', string.format('capture-channel-mask="0x%x"', mask), 1)
    route = route:gsub('(<Port type="midi" name="[^"]-midi_in 1")/>',
      '%1><Connection other="' .. text(port):gsub("%%", "%%%%") .. '"/></Port>', 1)
  end
  return route
end)
state = state:gsub('npm="[%d.]+" enpm="[%d.]+"', string.format('npm="%.6f" enpm="%.6f"', bpm, bpm), 1)
if beats then state = state:gsub('divisions%-per%-bar="%d+"', 'divisions-per-bar="' .. beats .. '"', 1) end
state = state:gsub('(<Protocol name="Open Sound Control %(OSC%)" active=)"0"', '%1"1"', 1)
file = assert(io.open(place, "w"))
file:write(state)
file:close()
print("made", place)
quit()
"""


def ardour_script(plan: Plan, file: str) -> str:
    """The script, in Ardour's language.

    Args:
        plan: The piece.
        file: What the script will be called; appears in its own text.
    """
    rows = "".join(
        f"  {{ name = {lua_text(layer.name)}, channels = 0x{_mask(layer.channels):x} }},\n"
        for layer in plan.tracks
    )
    beats = plan.beats
    return _MADE.format(
        title=plan.title.replace("\n", " "),
        file=file,
        folder=plan.title,
        folder_text=lua_text(plan.title),
        title_text=lua_text(plan.title),
        bpm=plan.bpm,
        beats=int(beats) if beats.denominator == 1 else "nil",
        port_text=lua_text(f"{plan.port}:out"),
        sound=lua_text(f"{CLIENT}:out_") if plan.sound else "false",
        sound_text=lua_text(SOUND),
        synth_text=lua_text(SYNTH),
        rows=rows,
    )


def _mask(channels: tuple[int, ...]) -> int:
    return sum(1 << (channel - 1) for channel in channels)


def lua_text(value: str) -> str:
    r"""A text as Lua reads it.

    >>> lua_text('say "hi"')
    '"say \\"hi\\""'
    """
    plain = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\{ord(c):03d}" for c in plain) + '"'

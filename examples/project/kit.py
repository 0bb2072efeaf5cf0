# The kit: what plays, for every piece in this folder. `sempre stubs .` taught your editor what each can be told;
# `?instrument` at the prompt says the same. Save, and all pieces that use it sound so from the next cycle on.

kit  = instrument("drums", kit="room", room=.1)                      # kit="machine": drums of circuits
deep = instrument("bass", cutoff=600, drive=.3)
keys = instrument("keys", tine=.5, delay=.2) | fx.chorus(mix=.3)     # behind | come effects, in their order
air  = instrument("pad", attack=.6, cutoff=3000)
bell = instrument("bells", decay=.6, gain=.8)

# Others that are there: "lead", "pluck", "strings", "texture", "noise".
# Your own: sampler("clay") plays samples/clay/, vst3("Surge XT") a plugin, midi("Ableton", channel=3) a DAW.

"""The names that Strudel exports, and where ours or none stands for one: facts for the map and the hints."""

from __future__ import annotations

_NAMES = """
accelerate activeLabel ad add addVoicings adsr almostAlways almostNever always amp analyze anchor and
appBoth appLeft apply applyN appRight appWhole ar arp arpWith arrange as asNumber asym att attack
averageArray backgroundImage band bandf bandq bank base64ToUnicode bbexpr bbst beat begin berlin bgain
binary binaryL binaryN binaryNL bind bindWhole binshift bite bjork bjorklund blshift bmod bor bp bpa
bpattack bpd bpdc bpdecay bpdepth bpdepthfreq bpdepthfrequency bpe bpenv bpf bpq bpr bprate bprelease bps
bpshape bpskew bpsustain bpsync brak brand brandBy brshift bus busgain bxor bypass byteBeatExpression
byteBeatStartTime calculateSteps cat ccn ccv ceil ch channel channels chebyshev choose choose2 chooseCycles
chooseIn chooseInWith chooseOut chooseWith chop chord chorus chunk chunkBack chunkback chunkBackInto
chunkbackinto chunkInto chunkinto clamp cleanupUi clip ClockCollator coarse code2hash collect color colour
comb complex compose compress compressor compressorAttack compressorKnee compressorRatio compressorRelease
compressSpan compressspan constant constructor contract control controls cosine cosine2 cpm cps createClock
createParam createParams crush ctf ctlNum ctranspose cubic curry curve cut cutoff cyclesPer cycleToSeconds
Cyclist dec decay defragmentHaps degrade degradeBy degradeByWith degree delay delayfb delayfeedback
delayspeed delaysync delayt delaytime deltaSlide density det detune dfb dict dictionary diode discreteOnly
dist distort distorttype distortvol disttype distvol div djf drawLine drive drop dry ds dt duck duckatt
duckattack duckdepth duckons duckonset duckorbit dur duration early echo echoWith echowith eish end enhance
env eq eqt errorLogger euclid euclidish euclidLegato euclidLegatoRot euclidRot euclidrot evalScope evaluate
every expand expression extend fadeInTime fadeOutTime fadeTime fanchor fast fastcat fastChunk fastchunk
fastGap fastgap fft filter filterHaps filterValues filterWhen firstCycle firstCycleValues firstOf fit
flatten floor fm fm00 fm01 fm02 fm03 fm04 fm05 fm06 fm07 fm08 fm1 fm10 fm11 fm12 fm13 fm14 fm15 fm16 fm17
fm18 fm2 fm20 fm21 fm22 fm23 fm24 fm25 fm26 fm27 fm28 fm3 fm30 fm31 fm32 fm33 fm34 fm35 fm36 fm37 fm38 fm4
fm40 fm41 fm42 fm43 fm44 fm45 fm46 fm47 fm48 fm5 fm50 fm51 fm52 fm53 fm54 fm55 fm56 fm57 fm58 fm6 fm60 fm61
fm62 fm63 fm64 fm65 fm66 fm67 fm68 fm7 fm70 fm71 fm72 fm73 fm74 fm75 fm76 fm77 fm78 fm8 fm80 fm81 fm82 fm83
fm84 fm85 fm86 fm87 fm88 fmap fmatt fmatt1 fmatt2 fmatt3 fmatt4 fmatt5 fmatt6 fmatt7 fmatt8 fmattack
fmattack1 fmattack2 fmattack3 fmattack4 fmattack5 fmattack6 fmattack7 fmattack8 fmdec fmdec1 fmdec2 fmdec3
fmdec4 fmdec5 fmdec6 fmdec7 fmdec8 fmdecay fmdecay1 fmdecay2 fmdecay3 fmdecay4 fmdecay5 fmdecay6 fmdecay7
fmdecay8 fmenv fmenv1 fmenv2 fmenv3 fmenv4 fmenv5 fmenv6 fmenv7 fmenv8 fmh fmh1 fmh2 fmh3 fmh4 fmh5 fmh6
fmh7 fmh8 fmi fmi00 fmi01 fmi02 fmi03 fmi04 fmi05 fmi06 fmi07 fmi08 fmi1 fmi10 fmi11 fmi12 fmi13 fmi14 fmi15
fmi16 fmi17 fmi18 fmi2 fmi20 fmi21 fmi22 fmi23 fmi24 fmi25 fmi26 fmi27 fmi28 fmi3 fmi30 fmi31 fmi32 fmi33
fmi34 fmi35 fmi36 fmi37 fmi38 fmi4 fmi40 fmi41 fmi42 fmi43 fmi44 fmi45 fmi46 fmi47 fmi48 fmi5 fmi50 fmi51
fmi52 fmi53 fmi54 fmi55 fmi56 fmi57 fmi58 fmi6 fmi60 fmi61 fmi62 fmi63 fmi64 fmi65 fmi66 fmi67 fmi68 fmi7
fmi70 fmi71 fmi72 fmi73 fmi74 fmi75 fmi76 fmi77 fmi78 fmi8 fmi80 fmi81 fmi82 fmi83 fmi84 fmi85 fmi86 fmi87
fmi88 fmrel fmrel1 fmrel2 fmrel3 fmrel4 fmrel5 fmrel6 fmrel7 fmrel8 fmrelease fmrelease1 fmrelease2
fmrelease3 fmrelease4 fmrelease5 fmrelease6 fmrelease7 fmrelease8 fmsus fmsus1 fmsus2 fmsus3 fmsus4 fmsus5
fmsus6 fmsus7 fmsus8 fmsustain fmsustain1 fmsustain2 fmsustain3 fmsustain4 fmsustain5 fmsustain6 fmsustain7
fmsustain8 fmwave fmwave1 fmwave2 fmwave3 fmwave4 fmwave5 fmwave6 fmwave7 fmwave8 focus focusSpan focusspan
fold Fraction fractionalArgs frameRate frames freeze freq freqToMidi fromBipolar fshift fshiftnote
fshiftphase ftype func FX FXr fxr FXrel FXrelease gain gap gat gate getAccidentalsOffset getControlName
getCps getCurrentKeyboardState getEventOffsetMs getFreq getFrequency getIsStarted getLeafLocation
getLeafLocations getLeaves getPattern getPerformanceTimeSeconds getPlayableNoteValue getRandsAtTime
getSoundIndex getTime getTrigger getTriggerFunc grow gt gte h Hap hard harmonic hash2code hasSteps hbrick
hcutoff hold hours hp hpa hpattack hpd hpdc hpdecay hpdepth hpdepthfreq hpdepthfrequency hpe hpenv hpf hpq
hpr hprate hprelease hps hpshape hpskew hpsustain hpsync hresonance hsl hsla hurry hush id imag in inhabit
inhabitmod innerBind innerJoin inside into inv invert ir irand irbegin iresponse irspeed isaw isaw2
isControlName isNote isNoteWithOctave isPattern iter iterBack iterback itri itri2 join jux juxBy juxby
kcutoff keep keepif keyAlias keyDown krush label lastOf late layer lbrick legato leslie lfo linger listRange
lock log log2 logger logKey logValues loop loopAt loopat loopAtCps loopatcps loopb loopBegin loope loopEnd
lp lpa lpattack lpd lpdc lpdecay lpdepth lpdepthfreq lpdepthfrequency lpe lpenv lpf lpq lpr lprate lprelease
lps lpshape lpskew lpsustain lpsync lrate lsize lt lte m mapArgs mask maskAll midi2note midibend midichan
midicmd midimap midiport midiToFreq miditouch mini mini2ast miniAllStrings minify minutes mix mod mode
modulate morph mouseX mousex mouseY mousey mtranspose mul n nanFallback ne net never noise note noteToMidi
nothing nrpnn nrpv nudge numeralArgs o objectMap oct octave octaveR octaves octer octersub octersubsub off
offset often onsetsOnly onTrigger onTriggerTime or orbit oschost oscport out outerBind outerJoin outside
overgain overshape pace packageName pairs palindrome pan panchor panorient panspan pansplay panwidth parray
parse parseFractional parseNumeral partials patt pattack Pattern patternifyAST pcurve pdec pdecay penv per
perCycle perlin perx ph phasdp phaser phasercenter phaserdepth phaserrate phasersweep phases phc phd phs
pick pickF pickmod pickmodF pickmodOut pickmodReset pickmodRestart pickmodSqueeze pickOut pickReset
pickRestart pickSqueeze pipe pitchJump pitchJumpTime ply plyForEach plyforeach plyWith plywith pm poly
polyBind polymeter polyrhythm polyTouch postgain pow pr prel prelease press pressBy progNum psus psustain
pure pw pwrate pwsweep queryArc rand rand2 randcat randL randrun range range2 rangex rarely ratio rdim real
ref register registerControl registerMultiControl registerVoicings reify rel release removeUndefineds
repeatCycles repl replicate reset reset_state reset_timelines resetAll resetJoin resetVoicings resonance
restart restartAll restartJoin rev revv rfade rib ribbon ring ringdf ringf rlp room roomdim roomfade roomlp
roomsize rootNotes rotate round rsize run s s_add s_alt s_cat s_contract s_expand s_extend s_polymeter s_sub
s_taper s_taperlist s_tour s_zip saw saw2 scale scaleTrans scaleTranspose scram scramble scrub seconds seed
seg segment semitone seq seqPLoop sequence sequenceP set setContext setCpsFunc setDefaultVoicings
setIsStarted setPattern setSteps setStringParser setTime setTriggerFunc setVoicingRange shape showFirstCycle
shrink shrinklist shuffle signal silence simple sine sine2 sinefold size slice slide slow slowcat
slowcatPrime slowChunk slowchunk smear soft sol2note someCycles someCyclesBy sometimes sometimesBy songPtr
sortHapsByPart sound source sparsity speak speed splice splitAt splitQueries spread square square2 squeeze
squeezeBind squeezeJoin squeezeout squiz src stack stackBy stackCentre stackLeft stackRight StartRules State
steady stepalt stepBind stepcat stepJoin steps stepsPerOctave strans stretch striate stringifyValues
stripContext struct structAll strudelScope stut stutWith stutwith sub superimpose sus sustain sustainpedal
swing swingBy SyntaxError sysex sysexdata sysexid sz tag take time timeCat timecat timeline TimeSpan
toBipolar tokenizeNote tour trans transient transpose trem tremdepth tremolo tremolodepth tremolophase
tremoloshape tremoloskew tremolosync tremphase tremshape tremskew tremsync tri tri2 triode tsdelay uid
undegrade undegradeBy unicodeToBase64 uniq uniqsort uniqsortr unison unit unjoin useRNG v val valueToMidi
vel velocity vib vibmod vibrato vmod voice voicing voicingAlias voicingRegistry voicings vowel warp warpatt
warpattack warpdc warpdec warpdecay warpdepth warpenv warpmode warprate warprel warprelease warpshape
warpskew warpsus warpsustain warpsync waveloss wavetablePhaseRand wavetablePosition wavetableWarp
wavetableWarpMode wchoose wchooseCycles when whenKey withContext withHap withHaps withHapSpan withHapTime
within withLoc withQuerySpan withQuerySpanMaybe withQueryTime withSeed withState withSteps withValue worklet
wrandcat wt wtatt wtattack wtdc wtdec wtdecay wtdepth wtenv wtphaserand wtrate wtrel wtrelease wtshape
wtskew wtsus wtsustain wtsync xfade xsdelay zcrush zdelay zip zipWith zmod znoise zoom zoomArc zoomarc zrand
zzfx
"""

_ON_ITS_PAGE = "setcps setcpm setCps setCpm samples slider"

STRUDEL: frozenset[str] = frozenset((_NAMES + _ON_ITS_PAGE).split())
"""All names that Strudel 1.2.6 exports or puts on patterns, and some that its page adds."""

RENAMED: dict[str, str] = {
    "bjorklund": "bjork",
    "fold": "distort",
    "removeUndefineds": "filter",
    "queryArc": "haps",
    "firstCycle": "haps",
    "firstCycleValues": "haps",
    "showFirstCycle": "draw",
    "drawLine": "draw",
    "log": "explain",
    "logValues": "explain",
    "cpm": "tempo",
    "zoomArc": "zoom",
    "zoomarc": "zoom",
    "focusSpan": "focus",
    "focusspan": "focus",
    "compressSpan": "compress",
    "compressspan": "compress",
    "steps": "pace",
    "setSteps": "pace",
    "withSteps": "pace",
    "withSeed": "seed",
    "useRNG": "reseed",
    "setcps": "tempo",
    "setcpm": "tempo",
    "setCps": "tempo",
    "setCpm": "tempo",
    "slider": "knob",
    "sequenceP": "sequence",
    "s_cat": "stepcat",
    "s_alt": "stepalt",
    "s_add": "take",
    "s_sub": "drop",
    "s_contract": "contract",
    "s_expand": "expand",
    "s_extend": "extend",
    "s_polymeter": "polymeter",
    "s_taper": "shrink",
    "s_taperlist": "shrinklist",
    "s_tour": "tour",
    "s_zip": "zip",
    "innerJoin": "pick",
    "innerBind": "pick",
    "join": "pick",
    "outerJoin": "pick_out",
    "outerBind": "pick_out",
    "squeezeJoin": "inhabit",
    "squeezeBind": "inhabit",
    "resetJoin": "pick_reset",
    "restartJoin": "pick_restart",
    "ref": "knob",
    "mouseX": "knob",
    "mouseY": "knob",
    "mousex": "knob",
    "mousey": "knob",
    "whenKey": "knob",
    "keyDown": "knob",
    "in": "set",
    "m": "mini",
    "h": "mini",
    "id": "always",
    "filterHaps": "filter_when",
}
"""Strudel's name → what to write here, where it is not our name in camel case."""

_REASONS: dict[str, str] = {
    "folders of samples stand in sempre.toml, see docs/settings.md": "samples",
    "Strudel's engine, not its language; here patterns.core and patterns.registry do that": (
        "Fraction Hap Pattern State TimeSpan appBoth appLeft appRight appWhole bind bindWhole polyBind "
        "stepBind stepJoin unjoin constructor curry defragmentHaps discreteOnly onsetsOnly splitQueries "
        "hasSteps calculateSteps setContext stripContext withContext withHap withHapSpan withHapTime "
        "withHaps withLoc withQuerySpan withQuerySpanMaybe withQueryTime withState sortHapsByPart isPattern "
        "reify register registerControl registerMultiControl createParam createParams controls "
        "getControlName isControlName strudelScope evalScope evaluate repl packageName errorLogger logger "
        "StartRules SyntaxError parse parseNumeral parseFractional mini2ast patternifyAST minify "
        "miniAllStrings setStringParser getLeaves getLeafLocation getLeafLocations getRandsAtTime "
        "fractionalArgs numeralArgs mapArgs keyAlias stringifyValues getPlayableNoteValue getFreq "
        "getFrequency getSoundIndex getEventOffsetMs getPerformanceTimeSeconds getAccidentalsOffset "
        "tokenizeNote simple complex collect func"
    ),
    "the clock and the transport belong to the session here": (
        "ClockCollator Cyclist createClock cycleToSeconds getCps getIsStarted getPattern getTime getTrigger "
        "getTriggerFunc setCpsFunc setIsStarted setPattern setTime setTriggerFunc reset_state "
        "reset_timelines timeline onTrigger onTriggerTime"
    ),
    "a helper of JavaScript; Python has its own": (
        "averageArray base64ToUnicode unicodeToBase64 code2hash hash2code clamp compose pipe constant "
        "flatten listRange nanFallback objectMap pairs parray rotate splitAt uniq uniqsort uniqsortr "
        "zipWith"
    ),
    "patterns take the names and the numbers of notes alike": (
        "freqToMidi midiToFreq midi2note noteToMidi valueToMidi isNote isNoteWithOctave sol2note"
    ),
    "draws or speaks in the browser": (
        "analyze fft activeLabel label backgroundImage cleanupUi hsl hsla speak getCurrentKeyboardState "
        "logKey"
    ),
    "builds a chain of the Web Audio engine; here instruments and effects are chained with |": (
        "FX FXr FXrel FXrelease fxr bmod bypass env eqt lfo modulate net worklet"
    ),
    "hand a dict of your own voicings to .voicing(…)": (
        "addVoicings registerVoicings resetVoicings setDefaultVoicings setVoicingRange voicingAlias "
        "voicingRegistry"
    ),
}

ABSENT: dict[str, str] = {name: reason for reason, names in _REASONS.items() for name in names.split()}
"""Strudel's names that have nothing here → why, and what to do."""

// Sempre inside a host: patterns on its timeline, to the frame.
//
// What is played is planned by an engine of Sempre's, which finds each instance by its file in memory. This side
// plays the plan where the host is, ends every note that it began, and never waits while the host plays.

#include "DistrhoPlugin.hpp"
#include "DistrhoPluginUtils.hpp"

#include "Delay.hpp"
#include "Player.hpp"
#include "SharedFile.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

START_NAMESPACE_DISTRHO

namespace {

enum Parameters : uint32_t { MUTE = sempre::MACROS, QUANTUM, ENGINE, PARAMETERS };
enum States : uint32_t { NAME, SET, LAYERS, SEED, STATES };
constexpr const char* KEYS[STATES] = {"name", "set", "layers", "seed"};
constexpr float BOUND = 2.f, ALONE = 1.f, HIDDEN = 0.f;

void copy(char* place, const size_t size, const char* text) {
    std::strncpy(place, text, size - 1);
    place[size - 1] = 0;
}

}  // namespace

class SemprePlugin : public Plugin {
public:
    // What the framework makes only to ask it for its parameters is shown to no engine.
    SemprePlugin()
        : Plugin(PARAMETERS, 0, STATES), file_(getPluginFormatName(), !isDummyInstance()), player_(file_.bond()) {}

protected:
    const char* getLabel() const override { return "Sempre"; }
    const char* getDescription() const override { return "Plays Sempre's patterns on the host's timeline"; }
    const char* getMaker() const override { return "Sempre"; }
    const char* getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(0, 1, 0); }
    int64_t getUniqueId() const override { return d_cconst('S', 'm', 'P', 'l'); }

    void initParameter(const uint32_t index, Parameter& parameter) override {
        parameter.hints = kParameterIsAutomatable;
        if (index < sempre::MACROS) {
            char text[16];
            std::snprintf(text, sizeof text, "Macro %u", index + 1);
            parameter.name = text;
            std::snprintf(text, sizeof text, "macro%u", index + 1);
            parameter.symbol = text;
        } else if (index == MUTE) {
            parameter.hints |= kParameterIsBoolean;
            parameter.name = "Mute";
            parameter.symbol = "mute";
        } else if (index == QUANTUM) {
            parameter.hints |= kParameterIsInteger;
            parameter.name = "Quantum";
            parameter.symbol = "quantum";
            parameter.unit = "cycles";
            parameter.ranges.max = 64;
        } else {
            parameter.hints = kParameterIsOutput | kParameterIsInteger;
            parameter.name = "Engine";
            parameter.symbol = "engine";
            parameter.ranges.max = BOUND;
            parameter.enumValues.count = 3;
            parameter.enumValues.restrictedMode = true;
            auto* const values = new ParameterEnumerationValue[3];
            values[0] = ParameterEnumerationValue(HIDDEN, "no place in memory: see the log");
            values[1] = ParameterEnumerationValue(ALONE, "start it: sempre play piece.py");
            values[2] = ParameterEnumerationValue(BOUND, "bound");
            parameter.enumValues.values = values;
        }
    }

    float getParameterValue(const uint32_t index) const override {
        const auto relaxed = std::memory_order_relaxed;
        if (index < sempre::MACROS) return file_.bond()->now.macros[index].load(relaxed);
        if (index == MUTE) return muted_;
        if (index == QUANTUM) return file_.bond()->now.quantum.load(relaxed);
        return engine_;
    }

    void setParameterValue(const uint32_t index, const float value) override {
        const auto relaxed = std::memory_order_relaxed;
        if (index < sempre::MACROS) file_.bond()->now.macros[index].store(value, relaxed);
        if (index == MUTE) muted_ = value;
        if (index == QUANTUM) file_.bond()->now.quantum.store(value, relaxed);
    }

    void initState(const uint32_t index, State& state) override {
        state.key = KEYS[index];
        state.label = KEYS[index];
        state.defaultValue = index == SEED ? "0" : "";
    }

    String getState(const char* const key) const override {
        const sempre::Bond& bond = *file_.bond();
        if (std::strcmp(key, KEYS[NAME]) == 0) return String(bond.name);
        if (std::strcmp(key, KEYS[SET]) == 0) return String(bond.set);
        if (std::strcmp(key, KEYS[LAYERS]) == 0) return String(bond.layers);
        char text[24];
        std::snprintf(text, sizeof text, "%llu", static_cast<unsigned long long>(bond.seed.load()));
        return String(text);
    }

    void setState(const char* const key, const char* const value) override {
        sempre::Bond& bond = *file_.bond();
        if (std::strcmp(key, KEYS[NAME]) == 0) copy(bond.name, sizeof bond.name, value);
        if (std::strcmp(key, KEYS[SET]) == 0) copy(bond.set, sizeof bond.set, value);
        if (std::strcmp(key, KEYS[LAYERS]) == 0) copy(bond.layers, sizeof bond.layers, value);
        if (std::strcmp(key, KEYS[SEED]) == 0) bond.seed.store(std::strtoull(value, nullptr, 10));
        bond.told.fetch_add(1, std::memory_order_release);
    }

    void run(const float**, float** const outputs, const uint32_t frames, const MidiEvent*, uint32_t) override {
        if (frames == 0) return;
        player_.run(moment(), frames, [this](const uint32_t frame, const uint8_t* const bytes, const uint32_t size) {
            delay_.put(player_.first() + frame + player_.latency(), bytes, size);
        });
        delay_.take(player_.first(), frames,
                    [this](const uint32_t frame, const uint8_t* const bytes, const uint32_t size) {
                        MidiEvent event;
                        event.frame = frame;
                        event.size = size;
                        std::memcpy(event.data, bytes, size);
                        event.dataExt = nullptr;
                        writeMidiEvent(event);
                    });
        player_.listen(outputs[0], outputs[1], frames);
        if (player_.latency() != told_) setLatency(told_ = player_.latency());
        engine_ = !file_.shared() ? HIDDEN : player_.bound() ? BOUND : ALONE;
    }

private:
    sempre::Moment moment() const {
        const TimePosition& time = getTimePosition();
        sempre::Moment out;
        out.rate = getSampleRate();
        out.frame = int64_t(time.frame);
        out.clock = sempre::nanoseconds();
        out.rolls = time.playing;
        out.muted = muted_ > 0.5f;
        if (time.bbt.valid && time.bbt.beatsPerMinute > 0) {
            const double inBar = (time.bbt.beat - 1) + time.bbt.tick / time.bbt.ticksPerBeat;
            out.bpm = time.bbt.beatsPerMinute;
            out.beatsPerBar = time.bbt.beatsPerBar * 4.0 / time.bbt.beatType;
            if (form_ == CLAP) {
                // Here the framework counts quarter notes whatever the meter; its frames are not those of the song.
                out.beat = (time.bbt.bar - 1) * double(time.bbt.beatsPerBar) + inBar;
                out.frame = std::llround(out.beat * 60 / out.bpm * out.rate);
            } else {
                // For VST a bar of three and a half quarter notes has three in the framework's reckoning.
                const double bar = form_ == VST ? std::floor(out.beatsPerBar) : out.beatsPerBar;
                out.beat = (time.bbt.bar - 1 + inBar / time.bbt.beatsPerBar) * bar;
            }
        } else {
            // A host without bars: as if it had 120 beats a minute.
            out.beat = double(time.frame) / out.rate * out.bpm / 60;
        }
        return out;
    }

    enum Form { LV2, VST, CLAP };

    static Form form(const char* const name) {
        return std::strncmp(name, "VST", 3) == 0 ? VST : std::strcmp(name, "CLAP") == 0 ? CLAP : LV2;
    }

    const Form form_ = form(getPluginFormatName());
    sempre::SharedFile file_;
    sempre::Player player_;
    sempre::Delay delay_;
    uint32_t told_ = 0;  // the latency that the host knows
    float muted_ = 0, engine_ = ALONE;

    DISTRHO_DECLARE_NON_COPYABLE_WITH_LEAK_DETECTOR(SemprePlugin)
};

Plugin* createPlugin() { return new SemprePlugin(); }

END_NAMESPACE_DISTRHO

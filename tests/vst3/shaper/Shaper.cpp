// An effect that gives back what it was given, 100 frames late and times `gain`, and misbehaves when it is asked to.
#include <array>
#include <chrono>
#include <csignal>
#include <limits>
#include <thread>

#include "DistrhoPlugin.hpp"

START_NAMESPACE_DISTRHO

enum { kGain, kCrash, kHang, kNan, kLoud, kCount };
static constexpr uint32_t kLate = 100;

class Shaper : public Plugin {
    float values[kCount] = {1.0f, 0.0f, 0.0f, 0.0f, 0.0f};
    std::array<std::array<float, kLate>, 2> line{};
    uint32_t place = 0;

public:
    Shaper() : Plugin(kCount, 0, 0) { setLatency(kLate); }

protected:
    const char* getLabel() const override { return "SempreShaper"; }
    const char* getMaker() const override { return "Sempre"; }
    const char* getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(1, 0, 0); }
    int64_t getUniqueId() const override { return d_cconst('S', 'm', 'p', 'S'); }

    void initParameter(uint32_t index, Parameter& parameter) override {
        static const char* const names[kCount] = {"gain", "crash", "hang", "nan", "loud"};
        parameter.hints = kParameterIsAutomatable;
        parameter.name = parameter.symbol = names[index];
        parameter.ranges.min = 0.0f;
        parameter.ranges.max = index == kGain ? 2.0f : 1.0f;
        parameter.ranges.def = values[index];
    }
    float getParameterValue(uint32_t index) const override { return values[index]; }
    void setParameterValue(uint32_t index, float value) override { values[index] = value; }

    void run(const float** inputs, float** outputs, uint32_t frames) override {
        if (values[kCrash] > 0.5f) std::raise(SIGSEGV);
        if (values[kHang] > 0.5f) for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
        const float sick = values[kNan] > 0.5f ? std::numeric_limits<float>::quiet_NaN() : values[kLoud] * 1e10f;
        for (uint32_t frame = 0; frame < frames; ++frame) {
            for (uint32_t side = 0; side < 2; ++side) {
                const float given = inputs[side][frame];
                outputs[side][frame] = line[side][place] * values[kGain] + sick;
                line[side][place] = given;
            }
            place = (place + 1) % kLate;
        }
    }
};

Plugin* createPlugin() { return new Shaper(); }

END_NAMESPACE_DISTRHO

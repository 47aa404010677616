"""The stand-in NVIDIA driver (tests/support/fakenvml.c) as a test drives it: GPUs, and who is on them."""

import os

GIB = 1024 # the stand-in counts in MiB


def uuid(index):
    return f"GPU-00000000-0000-0000-0000-{index:012}"


class Gpu:
    """One GPU: what the driver says of it, and its MIG devices as (uuid, GPU instance, MiB, profile)."""

    def __init__(self, index, name="NVIDIA H100 80GB HBM3"):
        self.uuid = uuid(index)
        self.name = name
        self.total = 80 * GIB
        self.used = 0
        self.utilisation = 0
        self.temperature = 34 + index
        self.power = 70
        self.flag = ""
        self.parts = []

    def line(self):
        mig = 1 if self.parts else 0
        return (f"gpu {self.uuid} {self.name.replace(' ', '_')} {self.total} {self.used} 0 {self.utilisation} {self.utilisation // 2} "
                f"{self.temperature} {self.power * 1000} 700000 -1 1980 2619 {mig} {self.flag}")


class StandIn:
    """Writes the stand-in's file, which each Slipway that is started from now on reads. One for a test."""

    def __init__(self, world, count):
        self.path = os.path.join(world.folder, "nvml")
        self.gpus = [Gpu(i) for i in range(count)]
        self.processes = [] # (GPU, pid, MiB, percent, GPU instance or None)
        self.late = {} # seconds by function
        os.environ.update(FAKE_NVML=self.path, SLIPWAY_NVML=os.environ["SLIPWAY_FAKE_NVML"])
        self.write()

    def busy(self, index, pid, memory, utilisation, instance=None):
        """That process is on that GPU, or on that part of it, from the next write() on."""
        self.processes.append((index, pid, memory, utilisation, instance))

    def leave(self, pid):
        self.processes = [process for process in self.processes if process[1] != pid]

    def write(self):
        """In one step, as the driver may be reading. A GPU uses what its processes use, as a real one does."""
        lines = ["driver 550.54.15"]
        for index, gpu in enumerate(self.gpus):
            mine = [process for process in self.processes if process[0] == index]
            gpu.used = sum(process[2] for process in mine)
            gpu.utilisation = min(sum(process[3] for process in mine), 100)
            gpu.power = 70 + 6 * gpu.utilisation
            lines.append(gpu.line())
            for name, instance, total, profile in gpu.parts:
                used = sum(process[2] for process in mine if process[4] == instance)
                lines.append(f"mig {index} {name} {instance} 0 {total} {used} {profile}")
        for index, pid, memory, utilisation, instance in self.processes:
            place = "" if instance is None else f" {instance} 0"
            lines.append(f"proc {index} {pid} {memory} {utilisation} C{place}")
        lines += [f"block {function} {seconds}" for function, seconds in self.late.items()]
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")
        os.rename(self.path + ".new", self.path)

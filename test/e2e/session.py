# SPDX-License-Identifier: Apache-2.0
"""What all cases of a run share, and the places that it gives them."""

import contextlib
import os
import pathlib
import shutil

import docker
import image
import place
import programs

HERE = pathlib.Path(__file__).resolve().parent


class Session:
    """The binary, the tests' own programs, a folder, and Docker, which the first case that needs
    it starts."""

    def __init__(self, binary, built_programs, folder, stack):
        self.folder = pathlib.Path(folder)
        # Copies: the sensor's and the cases' users may not be able to reach our tree.
        self.binary = shutil.copy(binary, self.folder / "saker")
        self._programs = pathlib.Path(shutil.copytree(built_programs, self.folder / "programs"))
        self._stack = stack
        self._docker = None
        self._docker_error = None
        self._shared_container = None
        self._numbers = 0

    def docker(self):
        """NoDocker if there is none here, DockerError if it does not work; the same each time."""
        if self._docker_error:
            raise self._docker_error
        if self._docker is None:
            try:
                client = docker.Docker()
                self._stack.callback(client.close)
                client.open(self._programs, programs.IN_CONTAINER)
                self._docker = client
            except docker.DockerError as error:
                self._docker_error = error
                raise
        return self._docker

    def image_archive(self):
        """The file of an image with the tests' programs, for runtimes that load one."""
        path = self.folder / "image.tar"
        if not path.exists():
            root = docker.image_tar(self._programs, programs.IN_CONTAINER)
            path.write_bytes(image.archive(root, ["registry.example/team/cart:3.1"]))
        return path

    @contextlib.contextmanager
    def container(self, case):
        """The id of the container where a case runs: a fresh one, or the one that cases share."""
        client = self.docker()
        if case.fresh or case.options:
            identity = client.start_container(case.options)
            try:
                yield identity
            finally:
                client.remove_container(identity)
        else:
            self._shared_container = self._shared_container or client.start_container()
            yield self._shared_container

    @contextlib.contextmanager
    def place(self, case):
        """Where the case is to run (place.py)."""
        self._numbers += 1
        words = {"CASE": f"case{os.getpid()}x{self._numbers}", "SAKER": str(self.binary),
                 "PROGRAMS": str(self._programs)}
        if case.where == "container":
            with self.container(case) as identity:
                words |= {"CONTAINER": identity, "CONTAINER_ID": identity[:12],
                          "IMAGE": self.docker().image, "PROGRAMS": programs.IN_CONTAINER}
                yield place.Container(case, self.docker(), identity, words)
            return
        words["TESTS"] = str(HERE)
        if "image" in case.needs:
            words["IMAGE_ARCHIVE"] = str(self.image_archive())
        env = {}
        if "docker" in case.needs:
            words["IMAGE"], env = self.docker().image, self.docker().environment
        yield place.Host(case, self.folder / words["CASE"], words, env)

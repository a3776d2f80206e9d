#include "server.h"

#include "../Floor/Work/bytes.h"

#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void run(const struct server *server) {
    /* The kernel kills the server when the parent ends. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (chdir(server->folder) != 0) _exit(1);
    execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", server->socket_path, "--save", "",
           "--appendonly", "no", "--logfile", "redis.log", (char *)NULL);
    _exit(1);
}

static int is_listening(const struct server *server) {
    if (waitpid(server->process, NULL, WNOHANG) != 0) fail("redis-server did not start");
    redisContext *redis = redisConnectUnix(server->socket_path);
    int listens = redis != NULL && redis->err == 0;
    if (redis != NULL) redisFree(redis);
    return listens;
}

/* The server to stop when this process ends by an error. */
static struct server *running;
static pid_t owner;

static void stop_running(void) {
    if (running != NULL && getpid() == owner) server_stop(running);
}

void server_start(struct server *server) {
    if (owner == 0) atexit(stop_running);
    owner = getpid();
    snprintf(server->folder, sizeof server->folder, "/tmp/gatehost-protocols-XXXXXX");
    if (mkdtemp(server->folder) == NULL) fail("cannot make a folder under /tmp");
    snprintf(server->socket_path, sizeof server->socket_path, "%s/redis.sock", server->folder);
    server->process = fork();
    if (server->process < 0) fail("cannot fork");
    if (server->process == 0) run(server);
    running = server;
    const struct timespec pause = {.tv_nsec = 5000000};
    for (int tries = 0; !is_listening(server); tries++) {
        if (tries == 2000) fail("redis-server does not listen");
        nanosleep(&pause, NULL);
    }
}

void server_stop(struct server *server) {
    running = NULL;
    kill(server->process, SIGKILL);
    waitpid(server->process, NULL, 0);
    char path[128];
    static const char *const files[] = {"redis.sock", "redis.log"};
    for (size_t n = 0; n < sizeof files / sizeof *files; n++) {
        snprintf(path, sizeof path, "%s/%s", server->folder, files[n]);
        unlink(path);
    }
    rmdir(server->folder);
}

double processor_time(pid_t process) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) {
        fail("no processor time of %d", (int)process);
    }
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

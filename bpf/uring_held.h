/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Requests of io_uring that are held from when they are taken in until they end. */
#ifndef SAKER_URING_HELD_H
#define SAKER_URING_HELD_H

#include "emit.h"
#include "names.h"
#include "uring_request.h"

/* Places that are looked at for a free one. */
#define PLACES_TRIED 8
/* Of a request that nobody can find any more; ns. */
#define LOST_AFTER 1000000000ull

/*
 * A place and the request in it. Whoever removes its key from `uring_held` may send it for the last
 * time, and then gives the place free. Others may read it at any time; should `work.next` have
 * changed meanwhile, they have read two requests' memory, and send nothing.
 */
struct held_request {
	struct uring_key key;
	struct uring_key alias; /* ring and user_data */
	struct uring_work work;
	u32 busy; /* the place is not free */
	u32 told; /* a record has been sent, with a result that may not be the request's */
	struct saker_record record;
	u8 data[HELD_DATA];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* held_per_cpu for each cpu; set by user space */
	__type(key, u32);
	__type(value, struct held_request);
} uring_places SEC(".maps");

/* Requests that are held for each cpu, a power of two. */
const volatile __u32 held_per_cpu = 1;

/* Whether that key leads to that place. A request's address is used again, so that places whose
 * request has ended may have the key of one that is held elsewhere. */
static __always_inline bool leads_to(struct uring_key *key, u32 place)
{
	u32 *found = bpf_map_lookup_elem(&uring_held, key);

	return found && *found == place;
}

static __always_inline void remove_alias(struct held_request *held, u32 place)
{
	if (uring_end_has_request && leads_to(&held->alias, place))
		bpf_map_delete_elem(&uring_held, &held->alias);
}

/* Lets nobody find the request any more. True for the one who was first. */
static __always_inline bool release(struct held_request *held, u32 place)
{
	if (!leads_to(&held->key, place) || bpf_map_delete_elem(&uring_held, &held->key))
		return false;
	remove_alias(held, place);
	return true;
}

static __always_inline bool is_busy(struct held_request *held)
{
	return *(volatile u32 *)&held->busy;
}

static __always_inline void set_busy(struct held_request *held, u32 busy)
{
	*(volatile u32 *)&held->busy = busy;
}

/* Which of its requests a place holds. */
static __always_inline u32 turn_of(struct held_request *held)
{
	return *(volatile u32 *)&held->work.next;
}

/* Sends a request that has been released and has not ended. Its place is free then. */
static __always_inline void give_up(struct held_request *held, u32 cpu)
{
	struct saker_uring_operation *operation = operation_of(held->work.operation);
	u64 size = held->record.size;

	if (operation && !held->told && size >= sizeof(held->record) &&
	    size <= sizeof(held->record) + HELD_DATA) {
		held->record.time = bpf_ktime_get_boot_ns();
		held->record.cpu = cpu;
		held->record.flags |= SAKER_NO_RESULT | unnamed_request(held->work.operation, cpu);
		send_record(&held->record, size, cpu, operation->ring);
	}
	set_busy(held, 0);
}

/* Before 5.18, who ends a request may find that its key is already the next one's with the same:
 * that one is then found by nobody, and its place by take_place() alone. */
static __always_inline bool is_lost(struct held_request *held, u32 place)
{
	return !leads_to(&held->key, place) &&
	       bpf_ktime_get_boot_ns() - held->record.time > LOST_AFTER;
}

/* A place to hold a request in: the next free one. Where there is none, one of those that were
 * looked at gives way, but one that goes on to have results only as the last resort. NULL while
 * others are about to send what is there. */
static __always_inline struct held_request *take_place(struct scratch *s, u32 cpu, u32 *place)
{
	struct held_request *held = NULL;
	u32 victim = 0;

	for (int i = 0; i < PLACES_TRIED; i++) {
		*place = cpu * held_per_cpu + (s->uring.next++ & (held_per_cpu - 1));
		held = bpf_map_lookup_elem(&uring_places, place);
		if (!held || !is_busy(held))
			return held;
		if (!held->work.multishot || !i)
			victim = *place;
	}
	*place = victim;
	held = bpf_map_lookup_elem(&uring_places, place);
	if (!held || !(release(held, *place) || is_lost(held, *place)))
		return NULL;
	give_up(held, cpu);
	return held;
}

/* How a request will be found at its end. */
static __always_inline void find_by(struct uring_key *key, u64 request)
{
	key->first = request;
	key->second = 0;
	if (uring_end_has_request)
		return;
	key->first = (u64)READ(struct io_kiocb, request, ctx);
	key->second = user_data_of(request);
}

/* Whoever is found under the key of a request that begins has ended, though nobody said so: its
 * memory is used again. By ring and user_data, only if something has been said of it. */
static __always_inline void end_stale(u64 request, u32 cpu)
{
	struct held_request *held;
	struct uring_key key;
	u32 place, *found;

	find_by(&key, request);
	found = bpf_map_lookup_elem(&uring_held, &key);
	if (!found)
		return;
	place = *found;
	held = bpf_map_lookup_elem(&uring_places, &place);
	if (held && (uring_end_has_request || held->told) && release(held, place))
		give_up(held, cpu);
}

/* Lets the request be found; all else of it is in its place. False for a second one under a key. */
static __always_inline bool enter_keys(struct held_request *held, u32 place)
{
	held->told = 0;
	set_busy(held, 1);
	if (bpf_map_update_elem(&uring_held, &held->key, &place, BPF_NOEXIST)) {
		set_busy(held, 0);
		return false;
	}
	if (uring_end_has_request)
		bpf_map_update_elem(&uring_held, &held->alias, &place, BPF_ANY);
	return true;
}

/* Names that were noted for a request that was in this place before are not those of the next one,
 * which may have its address. */
static __always_inline void forget_names(u32 place)
{
	struct pending *names = bpf_map_lookup_elem(&request_names, &place);

	if (names)
		names->request = 0;
}

/* Keeps the record for the request's end. False if it cannot. */
static __always_inline bool hold(struct scratch *s, u32 cpu)
{
	u32 used = s->used, place;
	struct held_request *held;

	if (used > HELD_DATA)
		return false;
	held = take_place(s, cpu, &place);
	if (!held)
		return false;
	held->work = s->uring; /* first: see turn_of() */
	barrier();
	held->work.names = s->names;
	held->alias.first = s->uring.ring;
	held->alias.second = user_data_of(s->uring.request);
	find_by(&held->key, s->uring.request);
	__builtin_memcpy(&held->record, &s->record, sizeof(held->record));
	held->record.size = sizeof(held->record) + used;
	/* Again, here: kernels before 5.12 forget what they knew of a number that was spilled. */
	used = s->used;
	barrier_var(used);
	if (used > HELD_DATA || bpf_probe_read_kernel(held->data, used, s->data))
		return false;
	forget_names(place);
	return enter_keys(held, place);
}

#endif

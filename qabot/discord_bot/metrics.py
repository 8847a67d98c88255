"""What Prometheus is told: counts, times and the state of things. Holds no text and no ids of users."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """The figures of one bot, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.questions = Counter("qabot_questions", "Questions by what became of them", ["outcome"], registry=self.registry)
        self.seconds = Histogram("qabot_answer_seconds", "From the question to its answer", registry=self.registry)
        self.votes = Counter("qabot_votes", "Votes", ["vote"], registry=self.registry)
        self.queue = Gauge("qabot_queue", "Questions that wait or are being answered", registry=self.registry)
        self.lag = Gauge("qabot_event_loop_lag_seconds", "How late the event loop is", registry=self.registry)
        self.silence = Gauge("qabot_gateway_silence_seconds", "Since the last frame from Discord", registry=self.registry)
        self.ready = Gauge("qabot_ready", "1 where the bot answers", registry=self.registry)
        self.index = Gauge("qabot_index_passages", "Passages of the live index", ["generation"], registry=self.registry)
        self.servers = Gauge("qabot_servers", "Servers", registry=self.registry)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
